import Vocabulary
import Wire

/// A query of one's own on its way: who has answered, and who waits for what comes of it.
struct PendingQuery: Sendable {
    struct Waiter: Equatable, Sendable {
        let peer: Int
        let want: WantNumber
        let needsManifest: Bool
        /// It was told at once what was known, and is told again if there is more.
        let isAnswered: Bool
        /// It asked for the seeds, and is not one of the swarm.
        var isForRoll = false
    }

    /// Who wants a name in a group that has nothing of that name.
    struct Wanters: Sendable {
        let tracker: Rank
        let members: MemberList
    }

    let key: OverlayKey
    let id: QueryID
    /// How many have to answer.
    let expected: Int
    var deadline: Tick
    var answered: [Rank] = []
    var waiters: [Waiter] = []
    /// Something was learned that was not known before.
    var hasNews = false
    /// What has the name that was asked for, and the lowest owner of each.
    var rivals: [FoundSwarm.Rival] = []
    var wanters: [Wanters] = []

    var isComplete: Bool { answered.count >= expected }

    /// Where every question is to have an answer, one that is asked twice waits twice.
    mutating func add(_ waiter: Waiter, isEach: Bool, atMost most: Int) {
        let isThere = !isEach && waiters.contains { waiter.isSame(as: $0) }
        if !isThere && waiters.count < most { waiters.append(waiter) }
    }

    mutating func note(_ rival: FoundSwarm.Rival) {
        guard let place = rivals.firstIndex(where: { $0.content == rival.content }) else {
            return rivals.append(rival)
        }
        guard rival.owner < rivals[place].owner else { return }
        rivals[place] = rival
    }
}

extension PendingQuery.Waiter {
    fileprivate func isSame(as other: Self) -> Bool {
        peer == other.peer && want == other.want && isForRoll == other.isForRoll
    }
}
