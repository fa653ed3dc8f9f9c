import Vocabulary

/// Counts of the sends of a rank.
extension [SendRow] {
    var activeCount: Int {
        count { $0.stage == .sending && !$0.isSlow && !$0.isStuck }
    }

    /// Stuck sends may stay for ever, and must not fill the table.
    func hasRoom(of most: Int) -> Bool { count < most || count { !$0.isStuck } < most }

    /// The sends to links of the usual speed, and the requests for them, without those that are
    /// about to end.
    func takenCount(of links: [LinkRow], now: Tick) -> Int {
        count { send in
            guard !send.isStuck else { return false }
            return send.stage == .sending
                ? !send.isSlow && send.timing.nearEnd > now : !links[send.link].isSlow
        }
    }

    /// Marks the sends that are not over in time, and returns their sizes.
    mutating func noteOverruns(now: Tick) -> [Int] {
        var sizes: [Int] = []
        for row in indices
        where self[row].stage == .sending && !self[row].isSlow
            && self[row].timing.overrunsAt <= now
        {
            self[row].timing.overrunsAt = .never
            self[row].timing.hasOverrun = true
            sizes.append(self[row].byteCount)
        }
        return sizes
    }

    func checkInvariants(of index: Int, _ link: LinkRow) {
        let rows = filter { $0.link == index }
        precondition(rows.count { $0.stage == .sending } == link.sends, "sends drifted")
        precondition(rows.count { $0.stage != .sending } == link.waiting, "waiting drifted")
        precondition(!link.isChoked || link.waiting == 0, "a choked request waits")
        precondition(rows.count { $0.isStuck } == link.stuckSends, "stuck sends drifted")
    }
}
