import Content

/// A line of a log taken apart into numbers and words. Whatever stands between them is passed over:
/// brackets, quotation marks, commas, full stops. A word and a number that touch are two.
///
/// One value is used for all lines, so that a line asks nothing of the heap.
struct LogTokens {
    enum Token: Equatable {
        /// `followsPeer` where the word "Peer" stands before it.
        case number(Int, followsPeer: Bool)
        case word(LogWord)
        /// A token that no sentence contains.
        case other
    }

    private(set) var tokens: [Token] = []
    /// Whether the line holds nothing but blanks.
    private(set) var isBlank = true
    private var followsPeer = false

    mutating func read(_ line: Span<UInt8>) {
        tokens.removeAll(keepingCapacity: true)
        isBlank = true
        followsPeer = false
        var position = 0
        while position < line.count {
            switch line[position] {
            case 0x30...0x39: readNumber(line, &position)
            case 0x41...0x5A, 0x61...0x7A: readWord(line, &position)
            case 0x09...0x0D, 0x20: position += 1
            default: readMark(line, &position)
            }
        }
    }

    private mutating func readNumber(_ line: Span<UInt8>, _ position: inout Int) {
        let start = position
        var number = 0
        while position < line.count, case 0x30...0x39 = line[position] {
            // Stays above the greatest number once it is, and cannot overflow.
            if number <= PeerID.max { number = number * 10 + Int(line[position] - 0x30) }
            position += 1
        }
        let isPlain = position - start == 1 || line[start] != 0x30
        if isPlain, number <= PeerID.max {
            tokens.append(.number(number, followsPeer: followsPeer))
        } else {
            tokens.append(.other)
        }
        isBlank = false
        followsPeer = false
    }

    private mutating func readWord(_ line: Span<UInt8>, _ position: inout Int) {
        var hash = LogWord.emptyHash
        while position < line.count {
            let letter = line[position] | 0x20
            guard case 0x61...0x7A = letter else { break }
            // Bytes below 0x41 may become letters by the bit, but none that is one without it.
            guard line[position] >= 0x41 else { break }
            hash = LogWord.hash(hash, letter)
            position += 1
        }
        isBlank = false
        switch LogWord.reading(ofHash: hash) {
        case .word(let word): append(.word(word))
        case .peer: followsPeer = true
        case .nothing: break
        case .unknown: append(.other)
        }
    }

    /// Reads a mark: no letter, digit or blank.
    private mutating func readMark(_ line: Span<UInt8>, _ position: inout Int) {
        let byte = line[position]
        let second = position + 1 < line.count ? line[position + 1] : 0
        let third = position + 2 < line.count ? line[position + 2] : 0
        switch (byte, second, third) {
        // A byte order mark, and a blank that does not break.
        case (0xEF, 0xBB, 0xBF): position += 3
        case (0xC2, 0xA0, _): position += 2
        // ´ and the round quotation marks.
        case (0xC2, 0xB4, _): skip(2, &position)
        case (0xE2, 0x80, 0x98...0x9F): skip(3, &position)
        case (UInt8(ascii: "-"), 0x30...0x39, _) where !followsLetterOrDigit(line, position):
            // A number below zero is none of a peer or piece.
            position += 1
            while position < line.count, case 0x30...0x39 = line[position] { position += 1 }
            append(.other)
        case (0x00...0x7F, _, _) where Self.isSeparator(byte): skip(1, &position)
        default:
            position += 1
            append(.other)
        }
    }

    private mutating func skip(_ count: Int, _ position: inout Int) {
        position += count
        isBlank = false
    }

    private mutating func append(_ token: Token) {
        // A text that is no sentence needs one of them only.
        if token != .other || tokens.last != .other { tokens.append(token) }
        isBlank = false
        followsPeer = false
    }

    private func followsLetterOrDigit(_ line: Span<UInt8>, _ position: Int) -> Bool {
        guard position > 0 else { return false }
        switch line[position - 1] {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "]"): return true
        default: return false
        }
    }

    /// Marks that stand around and between words. The others, such as "=", "@" and "%", change
    /// what a text says.
    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "'"),
            UInt8(ascii: "\""), UInt8(ascii: "`"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"), UInt8(ascii: "|"), UInt8(ascii: "/"), UInt8(ascii: "!"):
            true
        default: false
        }
    }
}
