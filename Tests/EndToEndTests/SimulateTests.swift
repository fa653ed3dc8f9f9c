import TestSupport
import Testing

/// Simulations in processes of their own: nothing of one process may get into a run.
@Suite(.waitsForProcesses) struct SimulateTests {
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

    @Test func aRunOfACampaignHasAReport() throws {
        let result = try simulate("--faults random --seeds 4..4")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.first?.hasPrefix("seed 4: ") == true)
        #expect(result.output.contains("everything heals"))
        #expect(result.lines.last == "Nothing is wrong.")
    }

    @Test func aSimulatedJobHasAPage() throws {
        let place = try Place("true")
        let file = place.inside("./page.html")
        let result = try simulate("--peers 3 --pieces 20 --report \(file)")
        #expect(result.status == 0, "\(result.errors)")
        let page = String(decoding: FileBytes.read(path: file), as: UTF8.self)
        #expect(page.contains("Simulated: 3 of 3 peers are complete"))
        #expect(page.components(of: "<polyline") == 3)
        #expect(page.contains("<h2>Upload in use</h2>"))
        #expect(page.contains("47.7 MiB/s that they can send"), "four ranks of 100 Mbit/s")
        #expect(page.contains("source 1 to peer 2: "))
        #expect(page.contains("<code>mpiswarm simulate --peers 3 --pieces 20 --report "))
    }

    /// A page changes nothing: the reports that it draws travel when the job is over.
    @Test func aPageDoesNotChangeTheTimes() throws {
        let place = try Place("true")
        let words = "--peers 5 --pieces 50 --verbose"
        let without = try simulate(words).lines.prefix(9)
        let with = try simulate(words + " --report " + place.inside("./page.html")).lines.prefix(9)
        #expect(without == with)
    }

    @Test func figuresForDevelopersAreOnRequest() throws {
        let plain = try simulate("--peers 3 --pieces 5")
        #expect(plain.lines.count == 7)
        #expect(plain.lines[1].contains("all peers are complete after"))
        let verbose = try simulate("--peers 3 --pieces 5 -v")
        #expect(verbose.output.contains("messages of the busiest tracker"))
    }

    /// What is printed can be typed.
    @Test(arguments: [
        ("cooperative", "rarest-first"), ("tit-for-tat", "sequential"), ("on-request", "random"),
        ("cooperative", "round-robin"),
    ])
    func policiesAndPickersAreGivenByTheirNames(policy: String, picker: String) throws {
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

    /// A star: what any tracker asks goes over the first.
    @Test func trackersKnowEachOtherAsAFileSays() throws {
        let place = try Place("printf '0 1\\n0 2\\n0 3\\n' > star && echo '1 1' > loop")
        let words = ["simulate", "overlay", "--trackers", "4", "--queries", "20", "--topology"]
        let result = try place.swarm(words + ["./star"])
        #expect(result.status == 0, "\(result.errors)")
        let row = try #require(result.lines.last).split(separator: " ")
        // Tracker, time to live, questions, queries and what was found.
        #expect(row.dropFirst().prefix(4) == ["4", "4", "20", "3.00"])
        #expect(row[6] == "1.000")
        let job = try place.swarm(
            [
                "simulate", "--trackers", "4", "--peers", "8", "--pieces", "10", "--topology",
                "./star",
            ])
        #expect(job.status == 0, "\(job.errors)")
        for extra in [[], ["--faults", "random"]] {
            let refused = try place.swarm(
                ["simulate", "--trackers", "4", "--topology", "./loop"] + extra)
            #expect(refused.status == 2)
            #expect(refused.errors.hasSuffix("/loop:1: 1 is its own neighbour\n"))
        }
        #expect(try place.swarm(words + ["./loop"]).status == 2)
    }
}

extension String {
    /// The number of times that the text contains another one.
    fileprivate func components(of text: String) -> Int { split(separator: text).count - 1 }
}
