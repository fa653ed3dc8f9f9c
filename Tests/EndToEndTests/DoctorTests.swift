import TestSupport
import Testing

/// `mpiswarm doctor` on this machine; what it judges has unit tests (`DiagnosisTests.swift`).
@Suite struct DoctorTests {
    @Test func aJobIsExamined() throws {
        let place = try Place("mkdir scratch")
        let result = try ProcessRunner.mpirun(
            np: 3, arguments: ["doctor", place.inside("./scratch/{rank}")])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.lines.contains("ok       launcher       mpirun"))
        let ranks = "ok       ranks          3 ranks on 1 node: "
        #expect(result.lines.contains { $0.hasPrefix(ranks) })
        // As this program sets Open MPI up, unless a user decides.
        #expect(result.lines.contains { $0.contains("single copies (CMA) are ") })
        let destination = "ok       destination    \(place.path)/scratch: "
        #expect(result.lines.contains { $0.hasPrefix(destination) })
        #expect(result.lines.last?.hasPrefix("this job can work") == true)
    }

    /// Without a launcher, and with a destination that cannot be made.
    @Test func oneProcessIsExaminedToo() throws {
        let place = try Place("touch file")
        let result = try place.swarm("doctor", "./file/below")
        #expect(result.status == 1)
        #expect(result.lines.contains { $0.hasPrefix("warning  launcher       none: ") })
        #expect(result.lines.contains { $0.hasPrefix("FAILURE  destination ") })
        #expect(result.errors == "")
    }
}
