import Testing
import Vocabulary
import Wire

@testable import Swarm

/// From joining to the last report, and the messages to the tracker in between.
struct DownloaderMembershipTests {
    private static let all = String(repeating: "#", count: 12)

    /// A client that has everything it wanted.
    private static func complete() throws -> Client {
        var client = try Client.fetching(1, [1: "#"])
        try client.deliver(client.asks()[0])
        client.stored(.finished(Client.content, WantNumber(0)))
        return client
    }

    private static func stalls(_ effects: [DownloaderEffect]) -> Int {
        effects.count {
            if case .send(.tracker(.stalled), _, _) = $0 { true } else { false }
        }
    }

    private static func reports(_ effects: [DownloaderEffect]) -> Int {
        effects.count {
            if case .send(.tracker(.report), _, _) = $0 { true } else { false }
        }
    }

    @Test func aWantIsRequestedOnceAllListsAreIn() throws {
        var client = try Client(12)
        #expect(client.drain().contains(Client.told(.join)))
        try client.pass(.seconds(2))
        #expect(client.drain().contains(Client.told(.join)), "no answer came")
        try client.hear(.fileListRequest)
        _ = client.drain()
        try client.pass(.seconds(2))
        #expect(client.drain().contains(Client.told(.alive)))
        try client.hear(.joinAck(peers: 3))
        let asksForSwarm = client.drain().contains {
            if case .send(.tracker(.swarmRequest(_, _, .name, true)), _, _) = $0 {
                true
            } else {
                false
            }
        }
        #expect(asksForSwarm)
    }

    @Test func eachSourceIsAskedOnceForItsPieces() throws {
        var client = try Client(12)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 3))
        try client.swarm(seeds: [1], peers: [2, 99, 0])
        client.open()
        let queried = client.drain().compactMap { effect -> Int32? in
            guard case .send(.upload(.piecesQuery), _, let rank) = effect else { return nil }
            return rank.raw
        }
        #expect(queried == [1, 2, 0], "not itself; a tracker's process may hold a peer")
        try client.swarm(seeds: [1, 2], peers: [])
        #expect(client.drain() == [])
    }

    @Test func theLastPieceIsReportedAndTheFileNamed() throws {
        var client = try Client.fetching(1, [1: "#"])
        let asked = client.asks()[0]
        try client.ack(asked)
        client.payload(asked)
        #expect(
            !client.drain().contains(Client.told(.fileCompleted(Client.content))),
            "not before it is verified and written")
        client.kept(asked)
        let effects = client.drain()
        #expect(effects.contains(Client.told(.fileCompleted(Client.content))))
        #expect(effects.contains(.store(.finish(Client.content, WantNumber(0)))))
        #expect(effects.contains(Client.sent(.notInterested(Client.content), to: 1)))
        #expect(
            effects.contains(
                .tell(
                    .pieceStored(
                        PieceIndex(0), of: Client.content, from: Rank(1), byteCount: 10,
                        in: .zero))))
        client.step()
        #expect(client.downloader.stage == .running, "the file has no name yet")
        client.stored(.finished(Client.content, WantNumber(0)))
        client.step()
        #expect(client.drain().contains(Client.told(.allFilesCompleted(delivered: 1, failed: 0))))
        #expect(client.downloader.stage == .done)
    }

    @Test func theTrackerIsInformedOfTheFirstPieceAndEveryTenth() throws {
        let all = String(repeating: "#", count: 40)
        var client = try Client.fetching(40, [1: all])
        var updates: [UInt32] = []
        while client.transfer.stage == .fetching {
            for asked in client.asks() { try client.deliver(asked) }
            for case .send(.tracker(.peerUpdate(_, let held)), _, _) in client.effects.list {
                updates.append(held)
            }
        }
        #expect(updates == [1, 11, 21, 31])
    }

    @Test func aRankThatWaitsForAPieceIsNotStalled() throws {
        var client = try Client.fetching(12, [1: Self.all]) { $0.answerPatience = .seconds(100) }
        #expect(client.asks().count == 2)
        try client.pass(.seconds(20))
        #expect(Self.stalls(client.drain()) == 0)
    }

    @Test func aRankWithoutASourceIsStalled() throws {
        var client = try Client.fetching(12, [1: "##.........."])
        for asked in client.asks() { try client.deliver(asked) }
        try client.pass(.seconds(2))
        #expect(Self.stalls(client.drain()) == 0, "something came since the last alarm")
        try client.pass(.seconds(2))
        let effects = client.drain()
        #expect(Self.stalls(effects) == 1)
        let message = TrackerMessage.stalled(
            Client.content, missing: 10, fingerprint: client.transfer.missingFingerprint)
        #expect(effects.contains(Client.told(message)))
        try client.hear(.swarmLost(Client.content, missing: 10))
        client.step()
        #expect(client.transfer.stage == .failed(.lost))
        #expect(client.drain().contains(Client.told(.allFilesCompleted(delivered: 0, failed: 1))))
    }

    @Test func equalMissingPiecesHaveEqualFingerprints() throws {
        var prints: Set<UInt64> = []
        for piece in 0..<12 {
            var holds = [Character](repeating: ".", count: 12)
            holds[piece] = "#"
            for seed in UInt64(1)...2 {
                var client = try Client.fetching(12, [1: String(holds)]) { $0.seed = seed }
                try client.deliver(client.asks()[0])
                prints.insert(client.transfer.missingFingerprint)
            }
        }
        #expect(prints.count == 12)
    }

    /// A piece that it had promised was still to come when it left.
    @Test func aSourceThatCameBackIsAskedForItsPiecesAgain() throws {
        for introducesItself in [false, true] {
            var client = try Client.fetching(4, [1: "####"])
            let asked = client.asks()
            try client.ack(asked[0])
            try client.hear(.gone, from: 1)
            #expect(client.source(1)?.outstanding == 1)
            #expect(client.asks() == [])
            if introducesItself {
                client.note(
                    .introduced(Rank(1), PieceSet(none: 4), of: Client.content, isLast: true))
            } else {
                try client.swarm(seeds: [1], peers: [])
            }
            let query = UploadMessage.piecesQuery(Client.content, first: 0, count: 4)
            let isQueried = client.drain().contains {
                if case .send(.upload(query), _, Rank(1)) = $0 { true } else { false }
            }
            #expect(isQueried)
            try client.bitfield("####", from: 1)
            client.step()
            let effects = client.drain()
            #expect(effects.contains(Client.sent(.interested(Client.content), to: 1)))
            #expect(Client.asks(effects).map(\.to) == [1])
        }
    }

    @Test func aRankThatServesOnLeavesWhenTheJobEnds() throws {
        var client = try Self.complete()
        client.step()
        _ = client.drain()
        try client.hear(.leaveAck)
        #expect(client.drain() == [], "it did not ask to leave")
        client.note(.stopping)
        let effects = client.drain()
        #expect(Self.reports(effects) == 1 && effects.last == .ended)
        client.note(.stopping)
        #expect(client.drain() == [])
    }

    @Test func aReadmittedRankReportsEverythingAgain() throws {
        var client = try Client.fetching(12, [1: Self.all])
        try client.hear(.joinAck(peers: 9))
        let asksAgain = client.drain().contains {
            if case .send(.tracker(.swarmRequest(Client.content, _, .content, false)), _, _) = $0 {
                true
            } else {
                false
            }
        }
        #expect(asksAgain && client.downloader.branches.readmissions == 1)
        var done = try Self.complete()
        done.step()
        _ = done.drain()
        try done.hear(.fileListRequest)
        try done.hear(.joinAck(peers: 9))
        let effects = done.drain()
        #expect(effects.contains(Client.told(.fileCompleted(Client.content))))
        #expect(effects.contains(Client.told(.allFilesCompleted(delivered: 1, failed: 0))))
    }

    /// Known contents are finished without the tracker, and then served.
    @Test func aSilentTrackerIsGivenUpButKnownContentsAreNot() throws {
        var client = try Client.fetching(2, [1: Self.all])
        var asked = client.asks()
        try client.pass(.seconds(18), trackerLives: false)
        #expect(!client.downloader.isAbandoned)
        try client.pass(.seconds(4), trackerLives: false)
        #expect(client.downloader.isAbandoned)
        #expect(client.transfer.stage == .fetching)
        asked += client.asks()
        let first = try #require(asked.last { $0.piece == 0 })
        try client.deliver(first)
        // A piece arrived, so there is time for another one.
        try client.pass(.seconds(16), trackerLives: false)
        #expect(client.transfer.stage == .fetching)
        let second = try #require((asked + client.asks()).last { $0.piece == 1 })
        try client.deliver(second)
        client.stored(.finished(Client.content, WantNumber(0)))
        try client.pass(.seconds(4), trackerLives: false)
        #expect(client.downloader.stage == .done)
        #expect(client.drain().contains(.tell(.lingering(true))))
        client.note(.stopping)
        #expect(client.drain().last == .ended)
        #expect(client.downloader.isAbandoned)
    }

    @Test func aTrackerThatComesBackEndsTheJob() throws {
        var client = try Client.fetching(12, [1: Self.all])
        try client.pass(.seconds(46), trackerLives: false)
        #expect(client.drain().contains(.tell(.lingering(true))))
        try client.pass(.seconds(4))
        #expect(client.drain().contains(.tell(.lingering(false))))
        #expect(!client.downloader.isAbandoned)
    }

    /// No piece was promised yet, and no other rank knows the members.
    @Test func unknownNamesAreGivenUpWithTheTracker() throws {
        var client = try Client(12)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.pass(.seconds(24), trackerLives: false)
        #expect(client.transfer.stage == .failed(.trackerLost))
        #expect(client.downloader.stage == .done)
    }

    @Test func aFullDiskFailsTheWantAndDropsItsRequests() throws {
        var client = try Client.fetching(12, [1: Self.all])
        let asked = client.asks()
        try client.ack(asked[0])
        client.payload(asked[0])
        client.stored(.failed(Client.content, .noSpace))
        client.step()
        let effects = client.drain()
        #expect(client.transfer.stage == .failed(.noSpace))
        #expect(effects.contains(Client.told(.gaveUp(Client.content))))
        #expect(effects.contains(Client.cancel(asked[1])))
        #expect(effects.contains(Client.told(.allFilesCompleted(delivered: 0, failed: 1))))
        client.kept(asked[0])
        try client.deliver(asked[1])
        #expect(client.downloader.totals.pieces == 0)
    }
}
