import Vocabulary
import Wire

/// Requests of peers for names whose files another peer is still reading. They are answered as soon
/// as that peer describes the file, because the peers ask again only from time to time.
///
/// Invariant: a peer waits once for a name.
struct WaitingRequests: Sendable {
    private var queues: [RelativePath: Queue] = [:]
    private var count = 0

    private struct Queue {
        var waiters: [PendingQuery.Waiter] = []
        var peers = Set<Int>()
    }

    /// A peer that finds no place is answered when it asks again.
    static let waitersMax = 1 << 20

    mutating func note(_ waiter: PendingQuery.Waiter, for name: RelativePath) {
        guard count < Self.waitersMax,
            queues[name, default: Queue()].peers.insert(waiter.peer).inserted
        else { return }
        queues[name]?.waiters.append(waiter)
        count += 1
    }

    /// The requests that the entries of a peer answer, each with its content; nil where the name
    /// stands for none. Each rank that waits for a content is to learn of all others.
    mutating func take(
        _ entries: [FileListEntry], _ swarms: inout Swarms, _ members: Membership
    ) -> [(waiter: PendingQuery.Waiter, found: Int?)] {
        var taken: [(waiter: PendingQuery.Waiter, found: Int?)] = []
        for entry in entries {
            guard let name = entry.nameRead, queues[name] != nil else { continue }
            let found = swarms.known(.name(name), toBegin: true)
            guard found != nil || !members.isBeingRead(name) else { continue }
            for waiter in take(name) where !members[waiter.peer].isGone {
                if let found { swarms[found].expect(members[waiter.peer].rank) }
                taken.append((waiter, found))
            }
        }
        return taken
    }

    /// The peer has been answered in another way.
    mutating func forget(_ peer: Int, _ name: RelativePath) {
        guard queues[name]?.peers.remove(peer) != nil else { return }
        queues[name]?.waiters.removeAll { $0.peer == peer }
        count -= 1
    }

    /// The requests for a name, in the order in which they came.
    mutating func take(_ name: RelativePath) -> [PendingQuery.Waiter] {
        let taken = queues.removeValue(forKey: name)?.waiters ?? []
        count -= taken.count
        return taken
    }
}

extension FileListEntry {
    /// The name of a file that is no longer only being read.
    fileprivate var nameRead: RelativePath? {
        switch self {
        case .owned(let name, _, _, _, _), .described(let name, _, _, _, _), .notReading(let name):
            name
        case .wanted, .host, .gone, .reading: nil
        }
    }
}

extension Effects<TrackerEffect> {
    mutating func sendUnknown(_ want: WantNumber, to rank: Rank) {
        append(.send(.download(.swarmUnknown(want: want)), .none, to: rank))
    }
}
