/// A word that begins with a hyphen, as it was written: `--name`, `--name=value`, `-x`.
struct WrittenOption: Equatable {
    /// With its hyphens.
    let spelling: String
    /// The text after the first `=`, possibly empty.
    let value: String?

    /// Nothing for an operand, and for `-`, which many programs take as the name of a file. The
    /// parser looks at bytes and not at characters, because a combining accent after the `=` would
    /// merge with it.
    init?(_ word: String) {
        guard word.utf8.count > 1, word.utf8.first == UInt8(ascii: "-") else { return nil }
        guard let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            spelling = word
            value = nil
            return
        }
        spelling = String(decoding: word.utf8[..<equals], as: UTF8.self)
        value = String(decoding: word.utf8[equals...].dropFirst(), as: UTF8.self)
    }

    /// Refuses a value, for switches.
    func refuseValue(command: String?) throws(UsageError) {
        guard let value else { return }
        throw .unexpectedValue(value, of: spelling, command: command)
    }
}
