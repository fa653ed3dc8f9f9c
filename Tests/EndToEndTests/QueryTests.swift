import TestSupport
import Testing

/// Questions under the real mpirun, counted.
@Suite(.serialized, .waitsForProcesses) struct QueryTests {
    /// Each of `trackers` has one peer, which owns a file of its own; the last rank asks for all
    /// of them.
    private func ask(_ trackers: Int, _ arguments: String...) throws -> [String] {
        let place = try Place(
            """
            for p in $(seq \(trackers)); do
                printf '1\\nf%d 1\\nh\\n0\\n' $p > in$p.txt
                [ $p = 1 ] || echo \(trackers) f$p >> questions
            done
            """)
        let result = try ProcessRunner.mpirun(
            np: 2 * trackers,
            arguments: [
                "run", place.path, "--queries", place.path + "/questions", "--trackers",
                "\(trackers)",
            ] + arguments, limit: .seconds(60))
        #expect(result.status == 0, "\(result.errors)")
        let rows = result.lines.map { $0.split(separator: " ").map(String.init) }
        return try #require(rows.last)
    }

    @Test(arguments: [2, 3, 8, 10]) func messagesOfAQuestion(count: Int) throws {
        let flooded = try ask(count, "--ttl", "2")
        #expect(Int(flooded[3]) == count - 1)
        // Over MPI a copy that made two hops may overtake the direct one, and then ends there.
        let messages = try #require(Double(flooded[4]))
        #expect(messages <= Double((count - 1) * (count - 1)))
        #expect(messages >= Double(count - 1 + count - 2))
        #expect(flooded[6] == "1.000")
        #expect(try ask(count, "--ttl", "1")[4] == "\(count - 1).00")
        #expect(try ask(count, "--topology", "line")[4] == "\(count - 1).00")
        let near = try ask(count, "--topology", "line", "--ttl", "2")
        #expect(near[4] == "\(min(2, count - 1)).00")
    }

    @Test func aQuestionOfNobodyIsRefused() throws {
        let place = try Place("printf '0\\n0\\n' > in1.txt && echo 0 a > questions")
        let result = try ProcessRunner.mpirun(
            np: 2, arguments: ["run", place.path, "--queries", place.path + "/questions"],
            limit: .seconds(60))
        #expect(result.status == 2)
        let line = "\(place.path)/questions:1: a rank from 1 to 1 and a name stand on a line"
        #expect(result.errors.contains(line))
    }
}
