/// What the words of an option or operand stand for: what an error calls them, and what
/// completion offers for them.
package enum ValueKind: Hashable, Sendable {
    case text
    case file
    case folder
    case size
    case duration
    case rate
    case seeds
    case ranks
    case tier
    case jobName
    case number(ClosedRange<Int>)
    case choice([String])
    /// The name of one of the program's own commands.
    case command
}

extension ValueKind {
    /// What would have been right, as an error names it.
    var expectation: String {
        switch self {
        case .text: "a text"
        case .file: "a path"
        case .folder: "a path"
        case .size: "a size such as 64K, 1M or 2G"
        case .duration: "a duration such as 200ms, 3s or 2m"
        case .rate: "a rate such as 400K, 100M or 25G, or unlimited"
        case .seeds: "a number of runs such as 5, or a range of seeds such as 17..17"
        case .ranks: "ranks such as 0, 2-5 or 0,4,8-11"
        case .jobName: "up to 48 letters, digits, hyphens, underscores and dots"
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
