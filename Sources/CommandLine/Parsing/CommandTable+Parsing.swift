/// The rules, for every command alike:
/// - `--name value` and `--name=value` mean the same. A separate value may begin with one hyphen
///   (`-3`) but not with two: `--output --stats` is a forgotten value, and a folder of that name
///   can still be given as `--output=--stats`.
/// - Options and operands come in any order; `--` ends the options.
/// - When an option is given twice, the last one counts, so that a script's own options can be
///   overruled by appending to its command line; a few options take all that they are given.
/// - Some options have a second spelling of one letter: `-o value`. Several switches may share one
///   hyphen: `-nf`. A number may follow its letter at once: `-F4`.
/// - A few switches may have a value, which follows `=`, or the letter at once.
/// - `--help` answers as soon as it is reached; an error to its left comes first.
extension CommandTable {
    enum Parsed: Equatable {
        case helpWanted
        case options(Options)
    }

    func parse(
        _ arguments: some Sequence<String>, _ sources: OptionSources = .none
    ) throws(UsageError) -> Parsed {
        var options = Options()
        var written: Set<String> = []
        var operandWords: [String] = []
        var rest = Array(arguments)[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operandWords += rest
                break
            }
            if let words = separated(word) {
                rest = words + rest
                continue
            }
            guard let option = WrittenOption(word) else {
                operandWords.append(word)
                continue
            }
            guard try !assign(option, followedBy: &rest, sources, &written, to: &options) else {
                return .helpWanted
            }
        }
        try assignVariables(of: sources, except: &written, to: &options)
        try assign(operandWords, to: &options)
        return .options(options)
    }

    /// `-nf` as `-n -f`, where each letter is that of a switch; otherwise nothing.
    private func separated(_ word: String) -> [String]? {
        guard word.count > 2, word.first == "-" else { return nil }
        if let words = attached(word) { return words }
        let words = word.dropFirst().map { "-\($0)" }
        let switches = description.options.filter { $0.value == nil }.flatMap(\.spellings)
        return words.allSatisfy(switches.contains) ? words : nil
    }

    /// `-F4` as `-F 4`, and `-Clz4` as `-C=lz4`.
    private func attached(_ word: String) -> [String]? {
        let (letter, rest) = (String(word.prefix(2)), String(word.dropFirst(2)))
        guard let option = description.options.first(where: { $0.spellings.contains(letter) })
        else { return nil }
        if option.attachedWords.contains(rest) { return ["\(letter)=\(rest)"] }
        guard option.value != nil, rest.first?.isNumber == true else { return nil }
        return [letter, rest]
    }

    /// Returns whether help was asked for.
    func assign(
        _ written: WrittenOption, followedBy rest: inout ArraySlice<String>,
        _ sources: OptionSources, _ names: inout Set<String>, to options: inout Options
    ) throws(UsageError) -> Bool {
        let command = description.name
        if OptionDescription.help.spellings.contains(written.spelling) {
            try written.refuseValue(command: command)
            return true
        }
        let option = try declared(written)
        if let negated = option.description.negatedValue,
            written.spelling == option.description.negativeSpelling
        {
            try written.refuseValue(command: command)
            names.insert(option.description.name)
            return !option.assign(&options, negated)
        }
        guard let value = option.description.value else {
            let words = option.description.attachedWords
            if words.isEmpty { try written.refuseValue(command: command) }
            names.insert(option.description.name)
            guard option.assign(&options, written.value ?? "") else {
                throw .invalidValue(
                    written.value ?? "", of: written.spelling, expected: .choice(words),
                    command: command)
            }
            return false
        }
        guard let word = written.value ?? valueWord(from: &rest), !word.isEmpty else {
            throw .missingValue(option: option.description, command: command)
        }
        guard option.assign(&options, word) else {
            throw .invalidValue(
                word, of: written.spelling, expected: value.kind, command: command)
        }
        names.insert(option.description.name)
        if variablePrefix != nil, option.description.name == Self.fileOption {
            try assignFile(word, of: sources, &names, to: &options)
        }
        return false
    }

    func declared(_ written: WrittenOption) throws(UsageError) -> Option<Options> {
        let found = options.first { $0.description.spellings.contains(written.spelling) }
        guard let found else {
            throw .unknownOption(
                written.spelling, command: description.name,
                nearest: nearest(
                    to: written.spelling, among: description.options.flatMap(\.spellings)))
        }
        return found
    }

    private func valueWord(from rest: inout ArraySlice<String>) -> String? {
        guard let next = rest.first, !next.utf8.starts(with: "--".utf8) else { return nil }
        return rest.popFirst()
    }

    private func assign(
        _ words: [String], to options: inout Options
    ) throws(UsageError) {
        let command = description.name
        var rest = words[...]
        for operand in operands {
            var countMax =
                switch operand.description.arity {
                case .one, .optional: 1
                case .oneOrMore, .several: Int.max
                }
            if rest.isEmpty, operand.description.arity != .optional {
                throw .missingOperand(operand.description, command: command)
            }
            while countMax > 0, let word = rest.popFirst() {
                countMax -= 1
                guard operand.assign(&options, word) else {
                    throw .invalidValue(
                        word, of: operand.description.metavar,
                        expected: operand.description.kind, command: command)
                }
            }
        }
        if let word = rest.first { throw .unexpectedOperand(word, command: command) }
    }
}
