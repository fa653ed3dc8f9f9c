/// The words that the sentences of a log are made of. Programs spell some of them in several ways;
/// articles carry nothing and are no words here.
enum LogWord: String, CaseIterable, Sendable {
    case make
    case connection
    case to
    case with
    case `is`
    case are
    case connected
    case from
    case has
    case preferred
    case optimistically
    case unchoked
    case neighbor
    case choked
    case by
    case receive
    case have
    case message
    case `for`
    case piece
    case not
    case interested
    case uninterested
    case downloaded
    case now
    case number
    case of
    case it
    case complete
    case file
    case continues
    case earlier
    case run

    /// Spellings that logs of other programs hold for the same word.
    private static let otherSpellings: [(String, LogWord)] = [
        ("makes", .make), ("made", .make), ("connnection", .connection),
        ("connections", .connection), ("neighbors", .neighbor), ("neighbour", .neighbor),
        ("neighbours", .neighbor), ("prefered", .preferred), ("prefeered", .preferred),
        ("optimistic", .optimistically), ("optimisticly", .optimistically),
        ("unchocked", .unchoked), ("chocked", .choked), ("received", .receive),
        ("receives", .receive), ("recieved", .receive), ("recieve", .receive),
        ("messaging", .message), ("msg", .message), ("pieces", .piece),
        ("notinterested", .uninterested), ("whole", .complete), ("entire", .complete),
    ]

    /// Words that change nothing in any sentence.
    private static let emptyWords = ["the", "a", "an", "already", "tcp"]
    private static let peerWords = ["peer", "id", "peerid"]

    /// The meaning of a written word.
    enum Reading: Equatable, Sendable {
        case word(LogWord)
        /// The number after it is a peer's.
        case peer
        case nothing
        case unknown
    }

    /// Words by their hash, in a table with linear probing. Two words with one hash are confused,
    /// which gives a strange line another harmless reading.
    private static let table: [(hash: UInt64, reading: Reading)] = {
        var table = [(hash: UInt64, reading: Reading)](
            repeating: (0, .unknown), count: tableSize)
        func insert(_ text: String, _ reading: Reading) {
            var hash = LogWord.emptyHash
            for byte in text.utf8 { hash = LogWord.hash(hash, byte) }
            var index = Int(truncatingIfNeeded: hash) & (tableSize - 1)
            while table[index].hash != 0 { index = (index + 1) & (tableSize - 1) }
            table[index] = (hash, reading)
        }
        for word in allCases { insert(word.rawValue, .word(word)) }
        for (text, word) in otherSpellings { insert(text, .word(word)) }
        for text in emptyWords { insert(text, .nothing) }
        for text in peerWords { insert(text, .peer) }
        return table
    }()

    /// A power of two, and several times the number of words.
    private static let tableSize = 512

    static let emptyHash: UInt64 = 0xCBF2_9CE4_8422_2325

    /// FNV-1a, a byte at a time; the letter is small.
    static func hash(_ hash: UInt64, _ letter: UInt8) -> UInt64 {
        (hash ^ UInt64(letter)) &* 0x100_0000_01B3
    }

    static func reading(ofHash hash: UInt64) -> Reading {
        var index = Int(truncatingIfNeeded: hash) & (tableSize - 1)
        while true {
            let row = table[index]
            if row.hash == hash { return row.reading }
            if row.hash == 0 { return .unknown }
            index = (index + 1) & (tableSize - 1)
        }
    }
}
