import TestSupport
import Testing

/// Simulations in processes of their own: nothing of one process may get into a run.
@Suite struct SimulateTests {
    private func simulate(_ words: String) throws -> CommandResult {
        try ProcessRunner.run(
            [ProcessRunner.product("mpiswarm"), "simulate"]
                + words.split(separator: " ").map(String.init),
            limit: .seconds(120))
    }

    private func fingerprints(_ words: String) throws -> [Substring] {
        let result = try simulate(words + " --json")
        #expect(result.status == 0, "\(result.errors)")
        let parts = result.output.split(separator: "\"fingerprint\": \"").dropFirst()
        return parts.map { $0.prefix { $0 != "\"" } }
    }

    @Test(arguments: ["", " --faults random"])
    func aSeedIsTheSameRunInEveryProcess(faults: String) throws {
        let words = "--peers 15 --pieces 30" + faults
        let first = try fingerprints(words + " --seeds 3..4")
        let again = try fingerprints(words + " --seeds 3..4")
        let alone = try fingerprints(words + " --seeds 4..4")
        try #require(first.count == 2)
        #expect(first == again)
        #expect(alone == [first[1]])
        #expect(first[0] != first[1])
    }

    @Test func aSeedOfACampaignTellsWhatHappened() throws {
        let result = try simulate("--faults random --seeds 17..17")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.first?.hasPrefix("seed 17: ") == true)
        #expect(result.output.contains("everything heals"))
        #expect(result.lines.last == "Nothing is wrong.")
    }

    /// What is printed can be typed.
    @Test(arguments: [
        ("cooperative", "rarest-first"), ("tit-for-tat", "sequential"), ("on-request", "random"),
        ("cooperative", "round-robin"),
    ])
    func policiesAndPickersAreToldByTheirNames(policy: String, picker: String) throws {
        let words = "--json --peers 3 --pieces 5 --policy \(policy) --picker \(picker)"
        let result = try simulate(words)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\"policy\": \"\(policy)\", \"picker\": \"\(picker)\""))
    }

    /// What is simulated is what was asked for, not the next larger number of whole pieces.
    @Test(arguments: [
        ("--size 1000 --pieces 3", "1000 B in 3 pieces"),
        ("--size 10 --pieces 400", "10 B in 10 pieces"),
        ("--size 2500 --piece-size 1K", "in 3 pieces"), ("--size 0", "0 B in 1 pieces"),
    ])
    func aSizeIsKeptToTheByte(words: String, told: String) throws {
        let result = try simulate(words + " --peers 3")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.first?.contains(told) == true, "\(result.output)")
    }

    @Test func fewRunsNeedNotShowEverything() throws {
        let result = try simulate("--faults random --seeds 2 --peers 3 --pieces 5")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("Never: "))
    }
}
