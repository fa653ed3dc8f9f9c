/// Options from environment variables and files:
/// - Each option of a table with a `variablePrefix` has a variable: `--limit-rate` has
///   `MPISWARM_STAGE_LIMIT_RATE`. A variable that is empty counts as unset, and the variable of an
///   option that is written on the command line, or in a file, is not looked at. A variable with
///   the prefix that is that of no option is refused.
/// - `--options FILE` stands for the options in FILE: one on each line, as on the command line; a
///   value is the rest of the line. Lines that begin with `#` are comments.
extension CommandTable {
    /// Assigns the options that stand in the environment and nowhere else.
    func assignVariables(
        of sources: OptionSources, except written: inout Set<String>, to options: inout Options
    ) throws(UsageError) {
        guard let prefix = variablePrefix else { return }
        try refuseVariables(of: sources, prefix)
        let file = self.options.first { $0.description.name == Self.fileOption }
        if let file, !written.contains(Self.fileOption),
            let path = sources.variable(file.description.variable(prefix)), !path.isEmpty
        {
            _ = file.assign(&options, path)
            let onCommandLine = written
            try assignFile(path, of: sources, &written, except: onCommandLine, to: &options)
        }
        for option in self.options where !written.contains(option.description.name) {
            let name = option.description.variable(prefix)
            guard let word = sources.variable(name), !word.isEmpty else { continue }
            if option.description.attachedWords.contains(word) {
                _ = option.assign(&options, word)
                continue
            }
            guard let value = option.description.value else {
                guard let isOn = Self.truth(word) else {
                    throw .invalidVariable(
                        name, word, "1 (on) or 0 (off)", command: description.name)
                }
                // A switch that is on by default is turned off by its other spelling.
                _ = option.assign(&options, isOn ? "" : OptionDescription.off)
                continue
            }
            guard option.assign(&options, word) else {
                throw .invalidVariable(
                    name, word, value.kind.expectation, command: description.name)
            }
        }
    }

    /// A misspelt variable could be one that keeps files from being removed.
    private func refuseVariables(
        of sources: OptionSources, _ prefix: String
    ) throws(UsageError) {
        let known = description.variables
        let names = options.filter { !$0.description.isTypedOnly }.map(\.description.name)
        for name in sources.names().sorted() where name.hasPrefix(prefix) {
            guard !known.contains(name), sources.variable(name)?.isEmpty == false else { continue }
            let typed = options.first {
                $0.description.isTypedOnly && $0.description.variable(prefix) == name
            }
            let word = name.dropFirst(prefix.count).lowercased().replacing("_", with: "-")
            let near = nearest(to: word, among: names).flatMap { found in
                options.first { $0.description.name == found }?.description.variable(prefix)
            }
            let reason =
                typed.map { UsageError.typedOnly($0.description.spelling, command: "").sentence }
                ?? "it is the variable of no option"
                + (near.map { "; the nearest is '\($0)'" } ?? "")
            throw .uselessVariable(name, reason, command: description.name)
        }
    }

    /// Assigns the options in a file, but those of the names `others`.
    func assignFile(
        _ path: String, of sources: OptionSources, _ written: inout Set<String>,
        except others: Set<String> = [], to options: inout Options
    ) throws(UsageError) {
        written.insert(Self.fileOption)
        let text: String
        switch sources.file(path) {
        case .failure(let failure):
            throw .optionsFile(path, line: nil, failure.reason, command: description.name)
        case .success(let bytes):
            guard let valid = String(validating: bytes, as: UTF8.self) else {
                throw .optionsFile(path, line: nil, "it is not text", command: description.name)
            }
            text = valid
        }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (number, line) in lines.enumerated() {
            guard let word = Self.word(of: line) else { continue }
            do throws(UsageError) {
                guard let option = WrittenOption(word), option.spelling != "--" else {
                    throw .unexpectedOperand(word, command: description.name)
                }
                guard option.spelling != "--\(Self.fileOption)" else {
                    throw .incompatible(
                        "--\(Self.fileOption)", "itself", command: description.name)
                }
                let declared = try declared(option).description
                if declared.isTypedOnly {
                    throw .typedOnly(declared.spelling, command: description.name)
                }
                if others.contains(declared.name) { continue }
                var none: ArraySlice<String> = []
                _ = try assign(option, followedBy: &none, sources, &written, to: &options)
            } catch {
                throw .optionsFile(
                    path, line: number + 1, error.sentence, command: description.name)
            }
        }
    }

    /// `--name value` as `--name=value`; nil for a line that has no option.
    private static func word(of line: Substring) -> String? {
        let trimmed = line.drop(while: \.isWhitespace)
        guard let first = trimmed.first, first != "#" else { return nil }
        var end = trimmed[...]
        while end.last?.isWhitespace == true { end.removeLast() }
        guard let blank = end.firstIndex(where: \.isWhitespace), !end[..<blank].contains("=") else {
            return String(end)
        }
        return "\(end[..<blank])=\(end[blank...].drop(while: \.isWhitespace))"
    }

    private static func truth(_ word: String) -> Bool? {
        switch word.lowercased() {
        case "1", "yes", "true", "on": true
        case "0", "no", "false", "off": false
        default: nil
        }
    }

    static var fileOption: String { "options" }
}

extension OptionDescription {
    /// `MPISWARM_STAGE_LIMIT_RATE`
    func variable(_ prefix: String) -> String {
        prefix + name.uppercased().replacing("-", with: "_")
    }
}
