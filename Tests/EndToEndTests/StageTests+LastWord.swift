import TestSupport
import Testing

/// Rank 0 is killed when the others expect nothing more of it, and before its user has heard
/// anything: no other rank will report what came of the job, so that it must not end with 0.
extension StageTests {
    @Test(arguments: [
        ("./missing", "mpiswarm: stage:"), ("./t", "2 of 2 copies"),
    ])
    func aJobWhoseLastWordIsMissingFails(source: String, words: String) throws {
        let place = try StagePlace()
        try place.shell("mkdir t && echo x > t/x")
        let shim = try Shim.diesAtWords(in: place)
        let result = try place.stage(
            2, all: [source, "./o{rank}"],
            environment: shim.environment("DIES_AT_WORDS_RANK=0", "DIES_AT_WORDS=\(words)"))
        #expect(result.status == 1)
        #expect(
            result.lines.contains("mpiswarm: rank 0 was killed by signal 9 (SIGKILL)"),
            "\(result.lines)")
    }
}
