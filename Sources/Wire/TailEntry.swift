/// A record; a tail holds several, one after the other.
package protocol TailEntry: Equatable, Sendable {
    init(reading tail: RawSpan, at cursor: inout Int) throws(WireError)
    func write(to tail: inout [UInt8])
}

extension TailEntry {
    /// All records of a tail: as many as the head says, with no bytes behind them.
    package static func reading(_ tail: RawSpan, count: UInt32) throws(WireError) -> [Self] {
        var entries: [Self] = []
        var cursor = 0
        while cursor < tail.byteCount { entries.append(try Self(reading: tail, at: &cursor)) }
        guard entries.count == Int(count) else { throw .malformed }
        return entries
    }
}
