import Vocabulary
import Wire

/// A query of this tracker: the trackers that have answered it, and the peers that wait for it.
struct PendingQuery: Sendable {
    struct Waiter: Equatable, Sendable {
        let peer: Int
        let want: WantNumber
        let needsManifest: Bool
        /// Whether the request was answered from known facts; it is answered again if more becomes
        /// known.
        let isAnswered: Bool
        /// Whether the peer asked only for the list of seeds, and is no member of the swarm.
        private(set) var isForRoll = false

        init(peer: Int, want: WantNumber, needsManifest: Bool, isAnswered: Bool) {
            self.peer = peer
            self.want = want
            self.needsManifest = needsManifest
            self.isAnswered = isAnswered
        }

        /// A peer that wants a list, and nothing of a swarm.
        init(forListBy peer: Int, isForRoll: Bool = false) {
            self.init(peer: peer, want: WantNumber(0), needsManifest: false, isAnswered: false)
            self.isForRoll = isForRoll
        }
    }

    /// The peers that want a name, in a group that has no content of that name.
    struct Wanters: Sendable {
        let tracker: Rank
        let members: MemberList
    }

    let key: OverlayKey
    let id: QueryID
    /// The number of trackers that have to answer.
    let expected: Int
    var deadline: Tick
    var answered: [Rank] = []
    var waiters: [Waiter] = []
    /// Whether an answer contained something new.
    var hasNews = false
    /// The contents that bear the name, and the lowest owner of each.
    var rivals: [FoundSwarm.Rival] = []
    var wanters: [Wanters] = []

    var isComplete: Bool { answered.count >= expected }

    /// Adds a waiting request. With `isEach` every request gets an answer, so a repeated one waits
    /// twice.
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
