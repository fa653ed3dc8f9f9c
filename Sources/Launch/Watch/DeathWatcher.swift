import CLinux
import Glibc
import Vocabulary

/// The state that the thread of a `DeathWatch` owns: the connections of this rank to the ranks that
/// listen, and, if it listens, those of the others to it.
struct DeathWatcher: ~Copyable, Sendable {
    enum News: Sendable {
        case died(Rank)
        /// The farewell of a rank, with the argument of `DeathWatch.end` there.
        case parted(Rank, withLosses: Bool)
        /// The connection has failed, or never came about: nothing is known of the rank.
        case unreachable(Rank)
    }

    /// The number of connections that may not have greeted yet. Further ones wait in the listener's
    /// queue.
    private static let strangersMax = 64

    private let rank: Rank
    private let rankCount: Int
    private let listener: Int32
    private let token: [UInt8]
    private let linksMax: Int
    private let stop: Int32
    private let done: Int32
    /// Closed once each call of this rank was answered or has failed; -1 afterwards.
    private var ready: Int32
    private let report: @Sendable (News) -> Void
    private var posts: [(rank: Rank, post: WatchPost)]
    private var links: [WatchLink] = []
    private var dead: [Rank] = []

    /// `listener` is -1 where this rank is not called. `posts` are those to call. The thread ends
    /// when the other end of `stop` is closed, and closes `done`; it closes `ready` when all calls
    /// have come to an end.
    init(
        rank: Rank, rankCount: Int, listener: Int32, token: [UInt8],
        posts: [(rank: Rank, post: WatchPost)], stop: Int32, ready: Int32, done: Int32,
        report: @escaping @Sendable (News) -> Void
    ) {
        self.rank = rank
        self.rankCount = rankCount
        self.listener = listener
        self.token = token
        self.posts = posts
        self.stop = stop
        self.ready = ready
        self.done = done
        self.report = report
        var limit = rlimit()
        let isKnown = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        // MPI needs a socket for each rank as well, and other files are open, too.
        linksMax = isKnown ? Int(clamping: limit.rlim_cur / 4) : Self.strangersMax
    }

    deinit {
        if listener >= 0 { close(listener) }
        if ready >= 0 { close(ready) }
        close(stop)
        close(done)
    }

    consuming func work(host: UInt64) {
        var watcher = self
        for (rank, post) in watcher.posts {
            let local = post.host == host ? [WatchSocket.loopback] : []
            watcher.call(rank, post, (local + post.addresses)[...])
        }
        while watcher.step() {}
        watcher.takeLeave(withLosses: Self.hasLosses(stop: watcher.stop))
    }

    /// Connects to the first of these addresses that can be reached.
    private mutating func call(_ other: Rank, _ post: WatchPost, _ addresses: ArraySlice<UInt32>) {
        var addresses = addresses
        while let address = addresses.popFirst() {
            guard let (socket, isConnected) = WatchSocket.calling(address, port: post.port)
            else { continue }
            let talk = WatchTalk(calling: other, token: post.token, rankCount: rankCount)
            var link = WatchLink(
                socket: socket, talk: talk, isConnected: isConnected, now: Self.now)
            link.untried = addresses
            link.send(talk.greeting(of: rank))
            return links.append(link)
        }
        report(.unreachable(other))
    }

    /// Returns false when the thread is to end.
    private mutating func step() -> Bool {
        if ready >= 0, !isCalling {
            close(ready)
            ready = -1
        }
        var strangerCount = 0
        var end = UInt64.max
        for link in links where !link.isGreeted {
            strangerCount += 1
            end = min(end, link.deadline)
        }
        let mayAccept = strangerCount < Self.strangersMax && links.count < linksMax
        var entries = [
            pollfd(fd: stop, events: 0, revents: 0),
            pollfd(fd: mayAccept ? listener : -1, events: Int16(POLLIN), revents: 0),
        ]
        for link in links {
            entries.append(pollfd(fd: link.socket, events: link.events, revents: 0))
        }
        let now = Self.now
        let wait = end == .max ? -1 : Int32(clamping: (max(end, now) - now) / 1_000_000 + 1)
        _ = unsafe poll(&entries, nfds_t(entries.count), wait)
        guard entries[0].revents == 0 else { return false }
        for place in links.indices.reversed() {
            if entries[place + 2].revents != 0 {
                attend(place)
            } else if !links[place].isGreeted, links[place].deadline <= Self.now {
                drop(place)
            }
        }
        if entries[1].revents != 0, let socket = WatchSocket.accepted(from: listener) {
            let talk = WatchTalk(calledWith: token, rankCount: rankCount)
            links.append(WatchLink(socket: socket, talk: talk, isConnected: true, now: Self.now))
        }
        return true
    }

    /// Whether an answer to a call of this rank may still come.
    private var isCalling: Bool {
        links.contains { !$0.talk.isListening && $0.talk.stage == .greeting }
    }

    private mutating func attend(_ place: Int) {
        if !links[place].isConnected {
            guard WatchSocket.isConnected(links[place].socket) else { return drop(place) }
            links[place].isConnected = true
        }
        links[place].send()
        switch links[place].read() {
        case .nothing: break
        case .failed: drop(place)
        case .closed:
            let dead = links[place].talk.deadAtEnd
            drop(place)
            if let dead { died(dead) }
        case .events(let events):
            for event in events { happened(event, at: place) }
            if links[place].talk.stage == .refused { drop(place) }
        }
    }

    private mutating func happened(_ event: WatchTalk.Event, at place: Int) {
        switch event {
        case .died(let other): note(other)
        case .parted(let hasLosses):
            if let other = links[place].talk.other {
                report(.parted(other, withLosses: hasLosses))
            }
        case .greeted(let other):
            guard links[place].talk.isListening else { return }
            // A rank connects once, so only its first connection is trusted.
            let isKnown = links.enumerated().contains {
                $0.offset != place && $0.element.isGreeted && $0.element.talk.other == other
            }
            guard !isKnown, other != rank else { return links[place].talk.refuse() }
            links[place].send(links[place].talk.greeting(of: rank))
            for rank in dead { links[place].send(WatchTalk.death(of: rank)) }
        }
    }

    /// Drops a connection. If the rank has not greeted, it may be reached at another of its
    /// addresses.
    private mutating func drop(_ place: Int) {
        let link = links.remove(at: place)
        close(link.socket)
        if link.isGreeted, let other = link.talk.other { report(.unreachable(other)) }
        guard !link.talk.isListening, link.talk.stage == .greeting, let other = link.talk.other,
            let post = posts.first(where: { $0.rank == other })?.post
        else { return }
        call(other, post, link.untried)
    }

    /// Notes a death that this rank has seen itself, and reports it to the ranks that are connected
    /// to it.
    private mutating func died(_ other: Rank) {
        for place in links.indices
        where links[place].isGreeted && links[place].talk.isListening {
            links[place].send(WatchTalk.death(of: other))
        }
        note(other)
    }

    private mutating func note(_ other: Rank) {
        guard other != rank, !dead.contains(other) else { return }
        dead.append(other)
        report(.died(other))
    }

    /// Sends farewells, after reading what has arrived: unread bytes would make the kernel reset
    /// the connection. The other end may know this rank before this rank has read the greeting of
    /// that end.
    private mutating func takeLeave(withLosses: Bool) {
        for place in links.indices {
            let talk = links[place].talk
            if talk.isListening ? talk.stage == .greeted : links[place].isConnected {
                _ = links[place].read()
                links[place].send(WatchTalk.farewell(withLosses: withLosses))
                shutdown(links[place].socket, Int32(SHUT_WR))
            }
            close(links[place].socket)
        }
        links = []
    }

    /// Whether `DeathWatch.end` was called with losses: then a byte comes before the end of the
    /// pipe.
    private static func hasLosses(stop: Int32) -> Bool {
        var byte: [UInt8] = [0]
        return unsafe read(stop, &byte, 1) == 1
    }

    private static var now: UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
