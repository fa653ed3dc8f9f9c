/// The rules, for every command alike:
/// - `--name value` and `--name=value` mean the same. A separate value may begin with one hyphen
///   (`-3`) but not with two: `--output --stats` is a forgotten value, and a folder of that name
///   can still be given as `--output=--stats`.
/// - Options and operands come in any order; `--` ends the options.
/// - When an option is given twice, the last one counts, so that a script's own options can be
///   overruled by appending to its command line; a few options take all that they are given.
/// - Some options have a second spelling of one letter: `-o value`. Several switches may share one
///   hyphen: `-nf`.
/// - `--help` answers as soon as it is reached; an error to its left comes first.
extension CommandTable {
    enum Parsed: Equatable {
        case helpWanted
        case options(Options)
    }

    func parse(_ arguments: some Sequence<String>) throws(UsageError) -> Parsed {
        var options = Options()
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
            guard let written = WrittenOption(word) else {
                operandWords.append(word)
                continue
            }
            guard try !assign(written, followedBy: &rest, to: &options) else { return .helpWanted }
        }
        try assign(operandWords, to: &options)
        return .options(options)
    }

    /// `-nf` as `-n -f`, where each letter is that of a switch; otherwise nothing.
    private func separated(_ word: String) -> [String]? {
        guard word.count > 2, word.first == "-" else { return nil }
        let words = word.dropFirst().map { "-\($0)" }
        let switches = description.options.filter { $0.value == nil }.flatMap(\.spellings)
        return words.allSatisfy(switches.contains) ? words : nil
    }

    /// Returns whether help was asked for.
    private func assign(
        _ written: WrittenOption, followedBy rest: inout ArraySlice<String>,
        to options: inout Options
    ) throws(UsageError) -> Bool {
        let command = description.name
        if OptionDescription.help.spellings.contains(written.spelling) {
            try written.refuseValue(command: command)
            return true
        }
        let declared = self.options.first {
            $0.description.spellings.contains(written.spelling)
        }
        guard let option = declared else {
            throw .unknownOption(
                written.spelling, command: command,
                nearest: nearest(
                    to: written.spelling, among: description.options.flatMap(\.spellings)))
        }
        if let negated = option.description.negatedValue,
            written.spelling == option.description.negativeSpelling
        {
            try written.refuseValue(command: command)
            return !option.assign(&options, negated)
        }
        guard let value = option.description.value else {
            try written.refuseValue(command: command)
            _ = option.assign(&options, "")
            return false
        }
        guard let word = written.value ?? valueWord(from: &rest), !word.isEmpty else {
            throw .missingValue(option: option.description, command: command)
        }
        guard option.assign(&options, word) else {
            throw .invalidValue(
                word, of: written.spelling, expected: value.kind, command: command)
        }
        return false
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
