import TestSupport
import Testing

/// Several jobs that stage to one place.
@Suite(.serialized, .waitsForProcesses) struct StageWaitTests {
    private func place() throws -> StagePlace {
        let place = try StagePlace()
        try place.shell("mkdir t && head -c 3000000 /dev/urandom > t/x && echo y > t/y")
        return place
    }

    /// Runs a slow job, and `others` while it writes.
    private func besideASlowJob(
        _ place: StagePlace, _ others: () throws -> Void
    ) throws -> StageResult {
        var trouble: (any Error)?
        let words = ["--limit-rate", "8M", "./t", "./o/{rank}"]
        let result = try place.stage(3, all: words) { _ in
            place.wait(for: 1, of: "o/.1.mpiswarm-part/tree/t/x")
            do { try others() } catch { trouble = error }
        }
        if let trouble { throw trouble }
        return result
    }

    @Test func theSecondJobWaitsAndFindsEverything() throws {
        let place = try place()
        let first = try besideASlowJob(place) {
            let second = try place.stage(3, "./t", "./o/{rank}")
            #expect(second.status == 0, "\(second.command.errors)")
            #expect(second.lines.count == 1)
            #expect(second.lines.first?.contains("rank 0: another job stages to") == true)
            #expect(second.lines.first?.contains("o/0: waiting for its end") == true)
            #expect(second.summary?.fetched == 0 && second.summary?.complete == true)
            for rank in 0..<3 { try place.expectSame("t", "o/\(rank)") }
        }
        #expect(first.status == 0, "\(first.command.errors)")
        #expect(try place.parts().isEmpty)
    }

    @Test func aJobThatDoesNotWaitIsRefused() throws {
        let place = try place()
        let first = try besideASlowJob(place) {
            let second = try place.stage(2, "--wait", "0", "./t", "./o/{rank}")
            #expect(second.status == 1)
            #expect(second.lines.count == 1, "\(second.command.errors)")
            #expect(second.lines.first?.contains("o/0: another job stages there") == true)
            let elsewhere = try place.stage(2, "--wait", "0", "./t", "./other/{rank}")
            #expect(elsewhere.status == 0)
        }
        #expect(first.status == 0, "\(first.command.errors)")
        for rank in 0..<3 { try place.expectSame("t", "o/\(rank)") }
    }
}
