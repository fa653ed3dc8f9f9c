/// A value to be bencoded.
package indirect enum Bencode: Equatable, Sendable {
    case integer(Int64)
    case text([UInt8])
    case list([Bencode])
    /// In any order; keys stand once.
    case dictionary([Entry])
    /// A value that is bencoded already, kept byte for byte.
    case encoded([UInt8])

    package struct Entry: Equatable, Sendable {
        package let key: [UInt8]
        let value: Bencode

        package init(_ key: [UInt8], _ value: Bencode) {
            self.key = key
            self.value = value
        }

        package init(_ key: String, _ value: Bencode) { self.init(Array(key.utf8), value) }
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .integer(let number):
            bytes += "i\(number)e".utf8
        case .text(let text):
            Self.append(text, to: &bytes)
        case .list(let values):
            bytes.append(UInt8(ascii: "l"))
            for value in values { value.append(to: &bytes) }
            bytes.append(UInt8(ascii: "e"))
        case .dictionary(let entries):
            bytes.append(UInt8(ascii: "d"))
            var last: [UInt8]?
            for entry in entries.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                precondition(entry.key != last, "a key stands once")
                last = entry.key
                Self.append(entry.key, to: &bytes)
                entry.value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "e"))
        case .encoded(let raw):
            bytes += raw
        }
    }

    private static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        bytes += "\(text.count):".utf8
        bytes += text
    }
}
