import Vocabulary

/// The completions of disk operations, as events.
extension NetworkState {
    /// Needs no event for an immediate completion: the node asks in this step, or is stepped again.
    mutating func diskWillDo(_ endpoint: UInt32, at due: Tick) {
        if due <= now {
            endpoints[Int(endpoint)].diskPending += 1
        } else {
            queue.schedule(.disk, endpoint, at: due)
        }
    }

    mutating func diskDid(_ endpoint: UInt32) {
        endpoints[Int(endpoint)].diskPending += 1
        markReady(endpoint)
    }

    /// Whether its disk has a report that its node has not taken.
    @inline(__always)
    func hasDiskNews(_ endpoint: UInt32) -> Bool { endpoints[Int(endpoint)].diskPending > 0 }

    mutating func diskTold(_ endpoint: UInt32) { endpoints[Int(endpoint)].diskPending -= 1 }

    mutating func wantFinished(_ content: ContentID, by rank: Rank) {
        let isWhole = disks[Int(rank.raw)].kept(of: content)?.isFull == true
        if contents.allSatisfy(\.geometry.carriesBytes), !isWhole {
            watch?.note(.finishedUnkept(by: rank))
        }
        finishedWants[Int(rank.raw)] += 1
        if finishedWants[Int(rank.raw)] == 1, demanded[Int(rank.raw)] { demandedLeft -= 1 }
        finishedAt[Int(rank.raw)] = now
    }
}
