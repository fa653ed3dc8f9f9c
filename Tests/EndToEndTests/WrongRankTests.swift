import TestSupport
import Testing

/// Jobs in which one rank sends what it should not. It serves others while it fetches, so that they
/// depend on it.
@Suite(.serialized, .waitsForProcesses)
struct WrongRankTests {
    private static let byteCount = 20_000_000

    private func place() throws -> StagePlace {
        let place = try StagePlace()
        try place.shell("mkdir t && head -c \(Self.byteCount) /dev/urandom > t/f && echo x > t/x")
        return place
    }

    /// Stages `t` from rank 0 onto four ranks, of which rank 2 does wrong.
    private func stage(
        in place: StagePlace, doing deed: String, _ settings: String...
    ) throws -> StageResult {
        let shim = try Shim.wrongRank(in: place)
        let environment =
            shim.environment("WRONG_RANK=2", "WRONG_RANK_DOES=\(deed)")
            + settings.map { "WRONG_RANK_\($0)" }
        return try place.stage(
            4, all: ["--sources=0", "--limit-rate", "400M", "./t", "./o{rank}"],
            environment: environment)
    }

    @Test func aRankThatSendsWrongPiecesIsNamedOnce() throws {
        let place = try place()
        let result = try stage(in: place, doing: "flip")
        #expect(result.status == 0, "\(result.lines)")
        let named = result.lines.filter { $0.contains("rank 2: it sent wrong pieces: ") }
        #expect(named.count == 1 && result.lines.count == 1, "\(result.lines)")
        for rank in 0..<4 { try place.expectSame("t", "o\(rank)") }
    }

    @Test(arguments: ["piece", "have", "silent"])
    func falseClaimsAndSilenceHarmNobody(deed: String) throws {
        let place = try place()
        let result = try stage(in: place, doing: deed)
        #expect(result.status == 0, "\(result.lines)")
        for rank in 0..<4 { try place.expectSame("t", "o\(rank)") }
    }

    /// The others are named nowhere and have all of it; nobody waits for the one that is not
    /// understood.
    @Test(arguments: [
        ("head", "its messages make no sense"), ("kind", "its messages make no sense"),
        ("length", "its messages make no sense"), ("short", "its messages make no sense"),
        ("huge", "its messages make no sense"),
        ("flood", "it sends the same messages without end"),
        ("pair", "it sends the same messages without end"),
        ("alive", "it sends the same messages without end"),
    ])
    func aRankThatSendsNonsenseIsNamedOnceAndDropped(deed: String, words: String) throws {
        let place = try place()
        let result = try stage(
            in: place, doing: deed, deed == "alive" ? "TAGS=1" : "TAGS=23", "TIMES=1500")
        #expect(result.status == 1)
        let named = result.lines.filter { $0.contains("rank 2: \(words): ") }
        #expect(named.count == 1, "\(result.lines)")
        let failed = result.lines.filter { $0.contains("rank 2: it was dropped: ") }
        #expect(failed.count == 1, "\(result.lines)")
        #expect(result.lines.count == 2, "\(result.lines)")
        for rank in [0, 1, 3] { try place.expectSame("t", "o\(rank)") }
        #expect(try !place.exists("o2"))
    }

    /// Open MPI writes what is too long past the end of the buffer, unless it is set not to.
    @Test(arguments: ["vader,self", "tcp,self"])
    func aPayloadThatIsTooLongOverwritesNothing(transport: String) throws {
        let place = try place()
        let shim = try Shim.wrongRank(in: place)
        let result = try place.stage(
            4, all: ["--sources=0", "--limit-rate", "400M", "./t", "./o{rank}"],
            environment: shim.environment(
                "WRONG_RANK=2", "WRONG_RANK_DOES=long", "OMPI_MCA_btl=\(transport)"))
        #expect(result.status == 0, "\(result.lines)")
        #expect(!result.command.errors.contains("signal"), "\(result.command.errors)")
        for rank in 0..<4 { try place.expectSame("t", "o\(rank)") }
    }
}
