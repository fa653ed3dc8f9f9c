import Glibc
import Synchronization
package import Vocabulary

/// Makes the death of a rank known to the others within milliseconds: the first ranks listen, each
/// rank keeps one connection to each of them, and the kernel ends the connections of a process that
/// dies. A rank that listens reports a death to all ranks that are connected to it.
///
/// A stopped process keeps its connections, and so does a process whose network is cut; neither
/// counts as dead. A rank that ends sends a farewell first. If no connection can be made, the
/// leases decide.
package final class DeathWatch: Sendable {
    /// The first ranks listen: rank 0, and those that take its place.
    private static let postsMax = 3
    private static let leaveMilliseconds: Int32 = 500

    private static let lookMilliseconds: Int32 = 5

    private struct News: Sendable {
        var dead: [Rank] = []
        var parted: [(rank: Rank, withLosses: Bool)] = []
        var unreachable: [Rank] = []
        var followers: [@Sendable (Rank) -> Void] = []
    }

    private let rank: Rank
    private let rankCount: Int
    private let host: UInt64
    private let listener: Int32
    private let own: WatchPost?
    private let news = Mutex(News())
    /// This descriptor is closed to end the thread; -1 before the thread begins, and after its end.
    private let stopper = Mutex(Int32(-1))
    private let ended = Mutex(Int32(-1))
    /// Has an end once all calls of the thread have come to an end; -1 where there is no thread.
    private let connected = Mutex(Int32(-1))

    /// Begins to listen if this rank is one of the first. `host` is the same number for all ranks
    /// of a host.
    package init(rank: Rank, rankCount: Int, host: UInt64) {
        self.rank = rank
        self.rankCount = rankCount
        self.host = host
        guard rankCount > 1, Int(rank.raw) < Self.postsMax else {
            listener = -1
            own = nil
            return
        }
        do throws(LaunchError) {
            var token = [UInt8](repeating: 0, count: WatchPost.tokenCount)
            try posix("getentropy") { unsafe getentropy(&token, token.count) }
            let (socket, port) = try WatchSocket.listening()
            listener = socket
            own = WatchPost(
                port: port, host: host, token: token,
                addresses: WatchSocket.addresses() + [WatchSocket.loopback])
        } catch {
            listener = -1
            own = nil
        }
    }

    /// The ranks that listen, in order. Every rank gets their addresses (`post`).
    package var postRanks: [Rank] {
        rankCount > 1 ? (0..<min(Self.postsMax, rankCount)).map { Rank(Int32($0)) } : []
    }

    /// The address of this rank for the others; zeros if it does not listen.
    package var post: [UInt8] {
        own?.encoded ?? Array(repeating: 0, count: WatchPost.byteCount)
    }

    /// `posts` are the addresses of `postRanks`. Of two ranks that listen, the higher one connects.
    package func start(posts: [[UInt8]]) throws(LaunchError) {
        var known: [(rank: Rank, post: WatchPost)] = []
        for (other, bytes) in zip(postRanks, posts) where other < rank {
            if let post = WatchPost(parsing: bytes) {
                known.append((other, post))
            } else {
                note(.unreachable(other))
            }
        }
        guard own != nil || !known.isEmpty else { return }
        let stop = try makePipe(O_CLOEXEC)
        let done = try makePipe(O_CLOEXEC)
        let ready = try makePipe(O_CLOEXEC)
        connected.withLock { $0 = ready.reader }
        stopper.withLock { $0 = stop.writer }
        ended.withLock { $0 = done.reader }
        let watcher = DeathWatcher(
            rank: rank, rankCount: rankCount, listener: listener, token: own?.token ?? [],
            posts: known, stop: stop.reader, ready: ready.writer, done: done.writer
        ) { [self] in note($0) }
        _ = try NamedThread(name: "deaths", watcher) { [host] in $0.work(host: host) }
    }

    /// Waits until the ranks that this one calls have answered, or cannot be reached. When all
    /// ranks have waited for that, each death from then on is known. Returns false where an answer
    /// has not come in that time: a firewall may drop what is sent.
    @discardableResult
    package func awaitConnections(milliseconds: Int32) -> Bool {
        let descriptor = connected.withLock { $0 }
        guard descriptor >= 0 else { return true }
        var entry = pollfd(fd: descriptor, events: 0, revents: 0)
        return unsafe poll(&entry, 1, milliseconds) == 1
    }

    /// Calls `report` with each death, on any thread, beginning with those that are known already.
    package func follow(_ report: @escaping @Sendable (Rank) -> Void) {
        news.withLock {
            for rank in $0.dead { report(rank) }
            $0.followers.append(report)
        }
    }

    /// The deaths that are known.
    package var dead: [Rank] { news.withLock { $0.dead } }

    private func note(_ item: DeathWatcher.News) {
        news.withLock {
            switch item {
            case .died(let rank):
                $0.dead.append(rank)
                for follower in $0.followers { follower(rank) }
            case .parted(let rank, let hasLosses): $0.parted.append((rank, hasLosses))
            case .unreachable(let rank): $0.unreachable.append(rank)
            }
        }
    }

    /// Waits until the rank that reports the result, which is the lowest living one, has sent its
    /// farewell, and returns whether the job has lost ranks. If no farewell comes in that time, a
    /// death counts as a loss.
    package func hearsOfLosses(milliseconds: Int32) -> Bool {
        for _ in 0..<milliseconds / Self.lookMilliseconds {
            if let hasLosses = news.withLock({ lastWord($0) }) { return hasLosses }
            _ = poll(nil, 0, Self.lookMilliseconds)
        }
        return !dead.isEmpty
    }

    /// Whether the job has lost ranks; nil until that is known.
    private func lastWord(_ news: borrowing News) -> Bool? {
        if news.parted.contains(where: \.withLosses) { return true }
        for post in postRanks where post < rank {
            if news.parted.contains(where: { $0.rank == post }) { return false }
            guard news.dead.contains(post) || news.unreachable.contains(post) else { return nil }
        }
        return !news.dead.isEmpty
    }

    /// Sends a farewell to the others: from now on the end of a connection is no death. Any thread
    /// may call this, and more than once.
    package func end(withLosses hasLosses: Bool = false) {
        let stop = stopper.withLock { stop in
            defer { stop = -1 }
            return stop
        }
        guard stop >= 0 else { return }
        if hasLosses { _ = unsafe write(stop, [UInt8(1)], 1) }
        close(stop)
        var entry = pollfd(fd: ended.withLock { $0 }, events: 0, revents: 0)
        _ = unsafe poll(&entry, 1, Self.leaveMilliseconds)
    }
}
