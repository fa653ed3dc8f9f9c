import Swarm
import Testing
import Vocabulary
import Wire

@testable import Simulation

/// A watch that never reports anything has shown nothing, so each rule is broken here once.
@Suite struct SafetyTests {
    private let content: SimulatedContent
    private let network: SimulatedNetwork
    private var options = SimulationOptions()

    init() throws {
        options.peers = 2
        options.pieces = 10
        content = SimulatedContent(1, try #require(options.geometry))
        let links = FairLinks(
            up: [Double](repeating: 1e6, count: options.rankCount),
            down: [Double](repeating: .infinity, count: options.rankCount))
        network = SimulatedNetwork(
            contents: [content], links: links, rankCount: options.rankCount,
            latency: options.latency, seed: 1)
        let honest = [Mischief](repeating: [], count: options.rankCount)
        network.state.watch = SafetyWatch(
            options, mischief: honest, disks: [DiskModel?](repeating: nil, count: honest.count))
        network.state.disks[2].keep(PieceIndex(3), of: content.content)
    }

    private var violations: [SafetyViolation] { network.state.watch?.violations ?? [] }

    private func say(_ message: DownloadMessage, tail: [UInt8] = [], from rank: Rank = Rank(2)) {
        var head = message.head
        head.tailCount = tail.count
        var bytes = [UInt8](repeating: 0, count: Head.byteCount)
        var span = bytes.mutableSpan
        var raw = unsafe span.mutableBytes
        head.encode(into: &raw)
        bytes += tail
        _ = network.state.send(
            unsafe bytes.span.bytes, from: rank, to: Rank(3), tag: .download)
    }

    private func tail(_ pieces: [Int]) -> [UInt8] {
        var tail: [UInt8] = []
        tail.write(pieces.map { PieceIndex($0) }[...])
        return tail
    }

    @Test func announcingAPieceThatIsNotOnTheDiskIsAViolation() {
        say(.have(content.content, count: 1), tail: tail([3]))
        #expect(violations.isEmpty)
        say(.have(content.content, count: 2), tail: tail([3, 4]))
        #expect(violations == [.announcedUnkept(PieceIndex(4), by: Rank(2), to: Rank(3))])
    }

    @Test func aBitfieldWithAPieceThatIsNotOnTheDiskIsAViolation() {
        say(
            .bitfield(content.content, first: 0, count: 10, stance: .open),
            tail: [0b0000_1000, 0])
        #expect(violations.isEmpty)
        say(
            .bitfield(content.content, first: 0, count: 10, stance: .open),
            tail: [0b0000_1000, 1])
        #expect(violations == [.announcedUnkept(PieceIndex(8), by: Rank(2), to: Rank(3))])
    }

    @Test func aPayloadToAChokedRankIsAViolation() {
        let payload = SimulatedPayload(
            content.content, PieceIndex(3), byteCount: 10)
        func send(_ number: UInt32) {
            _ = network.state.sendPayload(
                payload, from: Rank(2), to: Rank(3), request: RequestNumber(number))
        }
        say(.choke)
        say(.unchoke(offers: false))
        send(1)
        #expect(violations.isEmpty)
        say(.choke)
        send(2)
        #expect(violations == [.sentToChoked(Rank(3), by: Rank(2))])
    }

    @Test func moreSendsThanAllowedAreAViolation() {
        let payload = SimulatedPayload(
            content.content, PieceIndex(3), byteCount: 1000)
        let most = LinkPlaces.most + UploaderRules(tracker: .first).slowSendsMax
        for number in 0...UInt32(most) {
            #expect(violations.isEmpty)
            // To two ranks, because a link takes fewer at once.
            _ = network.state.sendPayload(
                payload, from: Rank(2), to: Rank(number % 2 == 0 ? 3 : 1),
                request: RequestNumber(number))
        }
        #expect(violations == [.tooManySends(by: Rank(2))])
    }

    @Test func bytesThatAreNoMessageAreAViolation() {
        let bytes: [UInt8] = [1, 2, 3]
        _ = network.state.send(
            unsafe bytes.span.bytes, from: Rank(1), to: Rank(2), tag: .upload)
        #expect(violations == [.saidNonsense(by: Rank(1))])
    }

    /// Rank 1 has the whole content and serves it.
    @Test func aLossOfWhatALivingRankHoldsIsAViolation() {
        _ = network.endpoint(of: Rank(1), isUpload: true)
        network.state.disks[1].own(content.content)
        say(.swarmLost(content.content, missing: 1), from: .first)
        #expect(violations == [.countedLost(at: Rank(3))])
    }

    @Test func aLossOfWhatOnlyDeadRanksHeldIsNone() {
        _ = network.endpoint(of: Rank(1), isUpload: true)
        network.state.disks[1].own(content.content)
        network.state.kill(Rank(1))
        say(.swarmLost(content.content, missing: 1), from: .first)
        #expect(violations.isEmpty)
    }

    /// A fragment in place on rank 1 may be right or wrong.
    @Test(arguments: [false, true]) func aLossOfWhatNoRankCanProveIsNone(isFinished: Bool) {
        _ = network.endpoint(of: Rank(1), isUpload: true)
        network.state.disks[1].own(content.content)
        network.state.contentTable.noteFragment(content.content)
        if isFinished { network.state.finishes.finished(1, at: .zero) }
        say(.swarmLost(content.content, missing: 1), from: .first)
        #expect(violations == (isFinished ? [.countedLost(at: Rank(3))] : []))
    }

    /// Rank 1 has its copy, in which it trusts a piece in place. What another rank sealed, and was
    /// the only one to have, is lost all the same.
    @Test(arguments: [UInt32(0), 1])
    func aLossOfWhatWasSealedIsNoneIfACopyDiffers(version: UInt32) throws {
        _ = network.endpoint(of: Rank(1), isUpload: true)
        network.state.disks[1].own(content.content)
        network.state.finishes.finished(1, at: .zero)
        let digests = (0..<10).map { piece in
            PieceDigest.token(
                of: PieceIndex(piece), version: piece == 4 ? version : 0, content.content)
        }
        let seal = try #require(PieceDigest([UInt8](repeating: 7, count: 16)))
        network.state.contentTable.publish(
            PublishedTable(
                content: content.content, publisher: Rank(2), digests: digests,
                tableDigest: seal))
        network.state.contentTable.seal(content.content, seal)
        say(.swarmLost(content.content, missing: 1), from: .first)
        #expect(violations == (version == 0 ? [.countedLost(at: Rank(3))] : []))
    }

    /// Otherwise a rank that has the piece could send it.
    @Test(arguments: [UInt32(0), 1, SimulatedPayload.spoilt])
    func onlySpoiltBytesThatNoLivingRankHasCannotBeSent(version: UInt32) throws {
        func isSpoilt() -> Bool { network.state.isAnySpoilt }
        let digests = (0..<10).map {
            PieceDigest.token(
                of: PieceIndex($0), version: $0 == 4 ? version : 0, content.content)
        }
        let seal = try #require(PieceDigest([UInt8](repeating: 7, count: 16)))
        network.state.contentTable.publish(
            PublishedTable(
                content: content.content, publisher: Rank(2), digests: digests,
                tableDigest: seal))
        #expect(!isSpoilt(), "the publisher has not sealed it")
        network.state.contentTable.seal(content.content, seal)
        #expect(isSpoilt() == (version == SimulatedPayload.spoilt))
        network.state.disks[2].keep(PieceIndex(4), of: content.content, version: version)
        #expect(!isSpoilt())
        network.state.kill(Rank(2))
        #expect(isSpoilt() == (version == SimulatedPayload.spoilt))
    }

    @Test func finishingAnIncompleteFileIsAViolation() {
        network.state.wantFinished(content.content, by: Rank(2))
        #expect(violations == [.finishedUnkept(by: Rank(2))])
    }
}
