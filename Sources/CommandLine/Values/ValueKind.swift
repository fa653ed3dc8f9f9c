/// The kind of value that an option or operand takes: errors name it, help shows its notation, and
/// completion offers its words.
package enum ValueKind: Hashable, Sendable {
    case text
    case file
    case folder
    /// A folder, and perhaps a size after a colon.
    case cache
    case size(ClosedRange<Size>)
    case duration
    case rate
    case seeds
    case ranks
    /// A rank for each place of a list: `0,0,1`.
    case rankSequence
    case tier
    /// Paths of folders from the root, with commas between them, or NONE.
    case folders
    /// A pattern of paths.
    case pattern
    case jobName
    case number(ClosedRange<Int>)
    case choice([String])
    /// The name of one of the program's own commands.
    case command
}

extension ValueKind {
    /// The notation of a value, with its unit; nothing if the metavar is enough.
    package var notation: String? {
        switch self {
        case .size: "SIZE 4096, 64K, 1M, 2G (bytes, powers of 1024)"
        case .duration: "DURATION 200ms, 3s, 2m, 1h"
        case .rate: "RATE 100Mbit (or 100M), 12MB/s (powers of 1000), unlimited"
        case .ranks: "RANKS 0,4-7"
        case .pattern: "PATTERN *.tmp, /logs/, data/**"
        case .seeds: "SEEDS 5 (seeds 1 to 5) or 17..17"
        case .text, .file, .folder, .cache, .tier, .folders, .rankSequence, .jobName, .number,
            .choice,
            .command:
            nil
        }
    }

    /// The values of a number or size that has an upper limit of its own: `1 to 64`.
    var rangeText: String? {
        switch self {
        case .number(let range) where range.upperBound < Int(Int32.max):
            "\(range.lowerBound) to \(range.upperBound)"
        case .size(let range) where range.upperBound < .max:
            "\(range.lowerBound) to \(range.upperBound)"
        default: nil
        }
    }

    /// The expected value, as an error names it.
    var expectation: String {
        switch self {
        case .text: "a text"
        case .file: "a path"
        case .folder: "a path"
        case .cache: "a folder, or a folder and a size such as /local/ada/cache:200G"
        case .size(let range) where range.upperBound < .max:
            "a size from \(range.lowerBound) to \(range.upperBound)"
        case .size: "a size such as 64K, 1M or 2G"
        case .duration: "a duration such as 200ms, 3s or 2m"
        case .rate: "a rate such as 100Mbit or 12MB/s, or unlimited"
        case .seeds: "a number of runs such as 5, or a range of seeds such as 17..17"
        case .ranks: "ranks such as 0, 2-5 or 0,4,8-11"
        case .rankSequence: "the rank of each peer's tracker, such as 0,0,1"
        case .folders: "folders such as /usr/lib,/opt/driver, or NONE"
        case .jobName: "up to 48 letters, digits, hyphens, underscores and dots"
        case .pattern: "a pattern such as *.tmp, /logs/ or data/**, with ']' after each '['"
        case .tier: "a URL, or several with commas between them"
        case .number(let range) where range.upperBound == .max:
            "a number of at least \(range.lowerBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let names) where names.count == 1: names[0]
        case .choice(let names): "one of " + names.joined(separator: ", ")
        case .command: "a command"
        }
    }
}
