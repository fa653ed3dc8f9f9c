import Glibc
import Launch
import Testing
import Vocabulary

/// Ranks of one process that watch one another over the loopback interface.
@Suite(.timeLimit(.minutes(1))) struct DeathWatchTests {
    /// What a rank has heard, in order; reading waits.
    private struct Heard {
        let reader: Int32

        init(by watch: DeathWatch) throws {
            var ends: [Int32] = [-1, -1]
            try #require(unsafe pipe(&ends) == 0)
            reader = ends[0]
            let writer = ends[1]
            watch.follow { rank in
                let byte = [UInt8(rank.raw)]
                _ = unsafe write(writer, byte, 1)
            }
        }

        func next() -> Rank? {
            var byte: [UInt8] = [0]
            return unsafe read(reader, &byte, 1) == 1 ? Rank(Int32(byte[0])) : nil
        }

        var isEmpty: Bool {
            var entry = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
            return unsafe poll(&entry, 1, 0) == 0
        }
    }

    private func watches(_ count: Int, of rankCount: Int? = nil) throws -> [DeathWatch] {
        let all = (0..<count).map {
            DeathWatch(rank: Rank(Int32($0)), rankCount: rankCount ?? count, host: 7)
        }
        let posts = all[0].postRanks.map { all[Int($0.raw)].post }
        for watch in all { try watch.start(posts: posts) }
        return all
    }

    /// A rank by hand: it greets rank 0 and waits for its greeting.
    private func call(
        _ post: [UInt8], as rank: Rank, rankCount: Int, altering: Bool = false
    ) throws -> (socket: Int32, isGreeted: Bool) {
        let caller = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(caller >= 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = (UInt16(post[0]) | UInt16(post[1]) << 8).bigEndian
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = unsafe withUnsafePointer(to: &name) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(caller, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(code == 0)
        var talk = WatchTalk(
            calling: Rank(0), token: Array(post[16..<32]), rankCount: rankCount)
        var greeting = talk.greeting(of: rank)
        if altering { greeting[3] ^= 1 }
        try #require(unsafe send(caller, greeting, greeting.count, 0) == greeting.count)
        var buffer = [UInt8](repeating: 0, count: 64)
        while talk.stage == .greeting {
            let count = unsafe recv(caller, &buffer, buffer.count, 0)
            guard count > 0 else { return (caller, false) }
            _ = talk.received(buffer[..<count])
        }
        return (caller, talk.stage == .greeted)
    }

    @Test func aListenerReportsADeathToTheOthers() throws {
        let first = DeathWatch(rank: Rank(0), rankCount: 5, host: 7)
        let second = DeathWatch(rank: Rank(4), rankCount: 5, host: 7)
        try first.start(posts: [first.post])
        try second.start(posts: [first.post])
        let heard = (try Heard(by: first), try Heard(by: second))
        let (socket, isGreeted) = try call(first.post, as: Rank(3), rankCount: 5)
        #expect(isGreeted)
        close(socket)
        #expect(heard.0.next() == Rank(3))
        #expect(heard.1.next() == Rank(3))
        first.end()
        second.end()
        #expect(heard.0.isEmpty)
        #expect(heard.1.isEmpty)
    }

    /// Each death after that is known.
    @Test func aRankIsConnectedOnceItsCallsAreAnswered() throws {
        let first = DeathWatch(rank: Rank(0), rankCount: 2, host: 7)
        let second = DeathWatch(rank: Rank(1), rankCount: 2, host: 7)
        let posts = [first.post, second.post]
        try second.start(posts: posts)
        #expect(!second.awaitConnections(milliseconds: 0), "rank 0 has not begun")
        try first.start(posts: posts)
        #expect(second.awaitConnections(milliseconds: 30_000))
        #expect(first.awaitConnections(milliseconds: 30_000), "it calls no rank")
        first.end()
        second.end()
    }

    @Test func aRankThatCannotCallIsNotWaitedFor() throws {
        let last = DeathWatch(rank: Rank(2), rankCount: 3, host: 7)
        let nowhere = [UInt8](repeating: 0, count: WatchPost.byteCount)
        try last.start(posts: [nowhere, nowhere, nowhere])
        #expect(last.awaitConnections(milliseconds: 30_000))
        last.end()
    }

    @Test func aFollowerThatComesLaterHearsOfAll() throws {
        let first = DeathWatch(rank: Rank(0), rankCount: 5, host: 7)
        try first.start(posts: [first.post])
        let heard = try Heard(by: first)
        let (socket, _) = try call(first.post, as: Rank(3), rankCount: 5)
        close(socket)
        #expect(heard.next() == Rank(3))
        let later = try Heard(by: first)
        #expect(later.next() == Rank(3))
        first.end()
    }

    @Test func aRankThatSaysFarewellIsNotDead() throws {
        let watches = try watches(3)
        let heard = try watches.map { try Heard(by: $0) }
        for watch in watches.reversed() { watch.end() }
        for watch in watches { watch.end() }
        for one in heard { #expect(one.isEmpty) }
    }

    /// The lowest rank that lives has reported the result, and knows of losses. Rank 2 may have
    /// heard of the death from rank 1 before it reached rank 0, and then hears of losses from rank
    /// 1.
    @Test(arguments: [false, true]) func theFirstRankPassesOnThatThereAreLosses(
        withLosses: Bool
    ) throws {
        let watches = try watches(3, of: 4)
        try expectDeath(of: Rank(3), at: watches[0], in: watches[1...])
        watches[0].end(withLosses: withLosses)
        for watch in watches.dropFirst() {
            #expect(watch.hearsOfLosses(milliseconds: 30_000) == withLosses)
            watch.end(withLosses: withLosses)
        }
    }

    /// Rank 0 is not there, and rank 1 has reported the result.
    @Test(arguments: [false, true]) func theNextRankPassesOnThatThereAreLosses(
        withLosses: Bool
    ) throws {
        let next = DeathWatch(rank: Rank(1), rankCount: 4, host: 7)
        let last = DeathWatch(rank: Rank(2), rankCount: 4, host: 7)
        let nowhere = [UInt8](repeating: 0, count: WatchPost.byteCount)
        try next.start(posts: [nowhere, nowhere, nowhere])
        try last.start(posts: [nowhere, next.post, nowhere])
        try expectDeath(of: Rank(3), at: next, in: [last])
        next.end(withLosses: withLosses)
        #expect(last.hearsOfLosses(milliseconds: 30_000) == withLosses)
        last.end()
    }

    /// A rank by hand calls `post` and ends. The others hear of that when they are connected to it.
    private func expectDeath(
        of rank: Rank, at post: DeathWatch, in others: ArraySlice<DeathWatch>
    ) throws {
        let heard = try others.map { try Heard(by: $0) }
        let (socket, _) = try call(post.post, as: rank, rankCount: 4)
        close(socket)
        for one in heard { #expect(one.next() == rank) }
    }

    @Test func aConnectionWithoutTheTokenIsRefused() throws {
        let first = DeathWatch(rank: Rank(0), rankCount: 5, host: 7)
        try first.start(posts: [first.post])
        let heard = try Heard(by: first)
        let (socket, isGreeted) = try call(
            first.post, as: Rank(3), rankCount: 5, altering: true)
        #expect(!isGreeted)
        close(socket)
        first.end()
        #expect(heard.isEmpty)
    }

    /// More than may be strangers at a time: ranks are let in all the same when those are gone.
    @Test func connectionsWithoutAGreetingBlockNoRankForLong() throws {
        let first = DeathWatch(rank: Rank(0), rankCount: 5, host: 7)
        try first.start(posts: [first.post])
        for _ in 0..<200 {
            let (socket, isGreeted) = try call(
                first.post, as: Rank(3), rankCount: 5, altering: true)
            #expect(!isGreeted)
            close(socket)
        }
        let (socket, isGreeted) = try call(first.post, as: Rank(3), rankCount: 5)
        #expect(isGreeted)
        close(socket)
        first.end()
    }

    @Test func aPostIsReadAsItWasWritten() throws {
        let watch = DeathWatch(rank: Rank(0), rankCount: 2, host: 7)
        let post = try #require(WatchPost(parsing: watch.post))
        #expect(post.encoded == watch.post)
        #expect(WatchPost(parsing: Array(watch.post.dropLast())) == nil)
        #expect(WatchPost(parsing: Array(repeating: 0, count: WatchPost.byteCount)) == nil)
        #expect(DeathWatch(rank: Rank(0), rankCount: 1, host: 7).postRanks == [])
        watch.end()
    }
}
