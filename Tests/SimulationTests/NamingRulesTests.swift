import Content
import Staging
import Swarm
import Testing
import Vocabulary

@testable import Simulation

/// A copy gets its name only after its table equals the sealed one of the publisher, or each piece
/// was compared with the publisher's digest.
/// The storage asks the watch at that moment, so these tests give names too early.
@Suite struct NamingRulesTests {
    private static let rank = Rank(2)
    private let network: SimulatedNetwork
    private let storage: SimulatedStageStorage
    private let tree: SimulatedTree

    init() throws {
        var options = SimulationOptions()
        options.kind = .staged
        options.peers = 2
        let count = options.rankCount
        let links = FairLinks(
            up: [Double](repeating: 1e6, count: count),
            down: [Double](repeating: .infinity, count: count))
        network = SimulatedNetwork(
            contents: [], links: links, rankCount: count, latency: options.latency, seed: 1)
        network.state.watch = SafetyWatch(
            options, mischief: [Mischief](repeating: [], count: count),
            disks: [DiskModel?](repeating: nil, count: count))
        let length: Int64 = 30
        let modified = try #require(FileTime(seconds: 1, nanoseconds: 0))
        let extents = [Extent(start: 0, end: length)].compactMap(\.self)
        let manifest = try TreeManifest(
            entries: [
                TreeEntry(
                    path: try RelativePath("a"), body: .file(length: length, extents: extents),
                    mode: 0o644, modified: modified)
            ], pieceLength: ByteCount(10), digest: .xxh3,
            origin: TreeManifest.Origin(publisher: .first, job: 0))
        let bytes = manifest.encoded()
        let content = ContentID(ofManifest: unsafe bytes.span.bytes)
        network.state.add(SimulatedContent(content, manifest.geometry))
        var order = StageOrder()
        let landing = Landing(folder: "/copies", name: nil)
        var duty = StageOrder.Duty()
        duty.landing = landing
        order.duties = [duty]
        order.landing = landing
        storage = SimulatedStageStorage(
            network, Self.rank, order,
            SimulatedStageStorage.Place(
                host: 1, sourceVersions: nil, prior: SimulatedPrior(pieceCount: 3)))
        storage.open(content, unsafe bytes.span.bytes)
        tree = try #require(storage.tree(content))
    }

    private var violations: [SafetyViolation] { network.state.watch?.violations ?? [] }

    /// A piece arrives and is written.
    private func keep(_ position: Int, version: UInt32 = 0) {
        let piece = PieceIndex(position)
        network.state.disks[2].keep(piece, of: tree.content, version: version)
        storage.noteKept(piece, of: tree.content, version: version)
    }

    private func prove(by table: PieceDigest) {
        let none: [UInt8] = []
        storage.perform(.prove(table: table), of: tree.content, bytes: unsafe none.span.bytes)
    }

    /// The publisher's table, which has version 0 of each piece.
    private func publish(isSealed: Bool) throws -> PieceDigest {
        let digests = (0..<3).map { tree.digests.token(PieceIndex($0), version: 0) }
        let bytes = digests.flatMap(\.bytes)
        let table = try #require(PieceDigest(Digester.digest(of: bytes, .xxh3)))
        network.state.contentTable.publish(
            PublishedTable(
                content: tree.content, publisher: .first, digests: digests, tableDigest: table,
                isSealed: isSealed))
        return table
    }

    @Test func aCopyThatMatchesTheSealGetsItsName() throws {
        for position in 0..<3 { keep(position) }
        prove(by: try publish(isSealed: true))
        storage.finish(tree.content, for: WantNumber(0))
        #expect(violations.isEmpty)
    }

    @Test func aNameWithoutAProofIsAViolation() throws {
        for position in 0..<3 { keep(position) }
        _ = try publish(isSealed: true)
        storage.finish(tree.content, for: WantNumber(0))
        #expect(violations == [.namedUnsealed(by: Self.rank)])
    }

    @Test func aNameBeforeTheSealIsAViolation() throws {
        for position in 0..<3 { keep(position) }
        prove(by: try publish(isSealed: false))
        storage.finish(tree.content, for: WantNumber(0))
        #expect(violations == [.namedUnsealed(by: Self.rank)])
    }

    /// While the table is not final, the parts of it that matter are compared one by one.
    @Test func aCopyOfWhichEachPieceWasComparedGetsItsName() throws {
        for position in 0..<3 { keep(position) }
        let digests = (0..<3).flatMap { tree.digests.token(PieceIndex($0), version: 0).bytes }
        storage.perform(
            .compare(first: 0), of: tree.content, bytes: unsafe digests.span.bytes)
        storage.finish(tree.content, for: WantNumber(0))
        #expect(violations.isEmpty)
    }

    @Test func aNameForACopyThatDiffersIsAViolation() throws {
        keep(0)
        keep(1, version: 1)
        keep(2)
        tree.digests.prove(by: try publish(isSealed: true))
        storage.finish(tree.content, for: WantNumber(0))
        #expect(violations == [.namedWrong(by: Self.rank)])
    }
}
