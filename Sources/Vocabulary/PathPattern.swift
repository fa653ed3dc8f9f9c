/// The path on one rank, with `{rank}` and `{host}` replaced.
package func expanded(_ pattern: String, rank: Rank, host: String) -> String {
    var rest = pattern[...]
    var result = ""
    while let brace = rest.firstIndex(of: "{") {
        result += rest[..<brace]
        rest = rest[brace...]
        if rest.hasPrefix("{rank}") {
            result += "\(rank)"
            rest = rest.dropFirst("{rank}".count)
        } else if rest.hasPrefix("{host}") {
            result += host
            rest = rest.dropFirst("{host}".count)
        } else {
            result.append(rest.removeFirst())
        }
    }
    return result + rest
}
