import CommandLine
import Testing

struct SimulateOptionsTests {
    private func simulate(_ words: String...) throws -> SimulateOptions? {
        guard
            case .request(.simulate(let options)) = try program.outcome(
                of: ["simulate"] + words)
        else { return nil }
        return options
    }

    @Test func aClusterIsDescribedInTwoWords() throws {
        let options = try simulate("--peers", "2000", "--nic", "25G", "--size", "500G")
        #expect(options?.peers == 2000)
        #expect(options?.nic?.bitsPerSecond == 25_000_000_000)
        #expect(options?.size?.bytes == 500 << 30)
        #expect(options?.pieces == nil)
    }

    @Test(arguments: [["overlay"], ["--faults", "random"]])
    func aPageIsOfAPlainJob(words: [String]) throws {
        #expect(try simulate("--report", "f")?.report == "f")
        #expect(
            throws: UsageError.incompatible(
                "--report", words[0], command: "simulate")
        ) { try program.outcome(of: ["simulate", "--report", "f"] + words) }
    }

    @Test func onlyAJobThatCollectsHasWriters() throws {
        let options = try simulate("--job", "collect", "--writers", "3")
        #expect(options?.job == .collect && options?.writers == 3)
        #expect(
            throws: UsageError.incomplete(
                "--writers", without: "--job collect", command: "simulate")
        ) { try simulate("--writers", "3") }
        #expect(
            throws: UsageError.incompatible(
                "--trackers", "--job collect", command: "simulate")
        ) { try simulate("--job", "collect", "--trackers", "2") }
    }

    @Test func onlyAJobOfRunWithoutFaultsHasSeveralFiles() throws {
        #expect(try simulate("--files", "16")?.files == 16)
        #expect(
            throws: UsageError.incompatible("--files", "--job stage", command: "simulate")
        ) { try simulate("--files", "2", "--job", "stage") }
        #expect(
            throws: UsageError.incompatible("--files", "--faults", command: "simulate")
        ) { try simulate("--files", "2", "--faults", "random") }
    }

    @Test func policiesAndPickersGoByTheirNames() throws {
        let options = try simulate("--policy=tit-for-tat", "--picker=rarest-first")
        #expect(options?.policy == .titForTat)
        #expect(options?.picker == .rarestFirst)
        #expect(throws: UsageError.self) { try simulate("--policy", "nice") }
        #expect(throws: UsageError.self) { try simulate("--picker", "") }
    }

    @Test(arguments: [
        ["--peers", "0"], ["--peers", "many"], ["--up", "0"], ["--seeds", "0"],
        ["--slow-share", "100"], ["--latency", "5"], ["--faults", "sometimes"], ["extra"],
        // A graph of rings gives two neighbours at a time.
        ["--degree", "1"],
    ])
    func valuesOutOfRangeAreRefused(words: [String]) {
        #expect(throws: UsageError.self) { try program.outcome(of: ["simulate"] + words) }
    }
}
