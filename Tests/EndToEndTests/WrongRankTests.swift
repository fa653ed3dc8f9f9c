import TestSupport
import Testing

/// Jobs in which one rank sends what it should not. It serves others while it fetches, so that they
/// depend on it.
@Suite(.serialized)
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

    @Test(arguments: ["flip", "piece", "have", "silent"])
    func wrongPiecesAndClaimsHarmNobody(deed: String) throws {
        let place = try place()
        let result = try stage(in: place, doing: deed)
        #expect(result.status == 0, "\(result.lines)")
        for rank in 0..<4 { try place.expectSame("t", "o\(rank)") }
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
