import Testing

@testable import Control

/// The judgement of `mpiswarm doctor` about what the ranks found.
struct DiagnosisTests {
    private let version = "Open MPI v4.1.4"

    /// A job in which all is well: `counts` ranks on each node.
    private func healthy(_ counts: [Int] = [2, 2]) -> [Checkup] {
        let all = counts.reduce(0, +)
        return counts.enumerated().flatMap { node, count in
            (0..<count).map { _ in
                var rank = Checkup()
                rank.host = "node\(node)"
                rank.node = UInt64(node)
                rank.launcher = .mpirun
                rank.launched = all
                rank.messaging = "ob1"
                rank.sharedMemoryFree = 1 << 30
                rank.usesSingleCopies = true
                rank.interfaces = ["eth0"]
                rank.watchesMax = 1 << 20
                rank.clock = 1_000_000
                return rank
            }
        }
    }

    private func findings(
        _ ranks: [Checkup], builtFor: String = "Open MPI 4.1.2", found: String? = nil,
        chosen: String? = nil
    ) -> [Finding] {
        Diagnosis(
            mpiFound: found ?? version, mpiBuiltFor: builtFor, ranks: ranks,
            chosenInterfaces: chosen
        ).findings
    }

    private func flaws(_ ranks: [Checkup]) -> [Finding] {
        findings(ranks).filter { $0.level > .fine }
    }

    @Test func aHealthyJobHasNoFlaw() {
        let found = findings(healthy())
        #expect(found.allSatisfy { $0.level == .fine && $0.advice.isEmpty })
        let words = found.map(\.words)
        #expect(words.contains("4 ranks on 2 nodes: node0 2, node1 2"))
        #expect(words.contains("TCP over eth0"))
    }

    @Test(arguments: [
        ("Open MPI 4.1.2", Finding.Level.fine), ("Open MPI 5.0.1", .failure),
        ("MPICH 4.0.2", .failure),
    ])
    func theMajorVersionsOfMPIMustAgree(builtFor: String, level: Finding.Level) {
        #expect(findings(healthy(), builtFor: builtFor)[0].level == level)
    }

    @Test func openMPI5RunsWhatIsBuiltForVersion4() {
        #expect(findings(healthy(), found: "Open MPI v5.0.11")[0].level == .fine)
    }

    @Test func aProcessStartedByHandIsNoJob() {
        var alone = healthy([1])
        alone[0].launcher = .none
        #expect(flaws(alone).map(\.subject) == ["launcher", "ranks"])
        #expect(flaws(alone).allSatisfy { $0.level == .warning && !$0.advice.isEmpty })
    }

    /// As when srun is used without `--mpi=pmix`: every process is a job of its own.
    @Test func aForeignLauncherIsAFailure() {
        var alone = healthy([1])
        alone[0].launcher = .srun
        alone[0].launched = 4
        let launch = flaws(alone)[0]
        #expect(launch.level == .failure)
        #expect(launch.words == "srun started 4 processes, and MPI sees 1")
        #expect(launch.advice == "use srun --mpi=pmix")
    }

    /// As in containers.
    @Test func nodesWithOneNameAreSeveral() {
        var ranks = healthy([1, 1])
        ranks[1].host = ranks[0].host
        #expect(flaws(ranks).map(\.subject) == ["ranks"])
        let words = "2 ranks on 2 nodes: node0 1, node0 1; several nodes have one name"
        #expect(flaws(ranks)[0].words == words)
        #expect(findings(ranks).contains { $0.words == "TCP over eth0" })
    }

    @Test func copiesWithinANodeAreJudgedWhereRanksShareOne() {
        var ranks = healthy()
        ranks[3].copyScope = 1
        #expect(flaws(ranks).map(\.subject) == ["within nodes"])
        #expect(flaws(ranks)[0].words.contains("node1: kernel.yama.ptrace_scope is 1"))
        ranks[3].copyScope = -1
        #expect(flaws(ranks)[0].words.contains("the kernel refuses process_vm_readv"))
        var single = healthy([1, 1])
        single[1].copyScope = 1
        #expect(flaws(single) == [])
        // Nothing is slower than usual where single copies are switched off in any case.
        for index in ranks.indices { ranks[index].usesSingleCopies = false }
        #expect(flaws(ranks) == [])
        let words = findings(ranks).first { $0.subject == "within nodes" }?.words
        #expect(words == "shared memory; single copies (CMA) are neither permitted nor used")
    }

    @Test func sharedMemoryMustHoldAllRanksOfTheNode() {
        var ranks = healthy([8])
        for index in ranks.indices { ranks[index].sharedMemoryFree = 64 << 20 }
        #expect(flaws(ranks) == [])
        for index in ranks.indices { ranks[index].sharedMemoryFree = (64 << 20) - 1 }
        #expect(flaws(ranks).map(\.subject) == ["within nodes"])
    }

    @Test func theNetworkIsJudgedBetweenNodesAlone() {
        var ranks = healthy()
        ranks[2].interfaces = ["eth0", "docker0"]
        #expect(flaws(ranks).map(\.subject) == ["between nodes"])
        #expect(findings(ranks, chosen: "eth0").allSatisfy { $0.level == .fine })
        ranks[2].interfaces = []
        #expect(flaws(ranks).map(\.level) == [.failure])
        for index in ranks.indices { ranks[index].messaging = "ucx" }
        #expect(flaws(ranks) == [])
        #expect(flaws(healthy([3])) == [])
    }

    /// Only Open MPI's choices are known.
    @Test func anotherMPIChoosesItsWays() {
        var ranks = healthy()
        let found = findings(ranks, builtFor: "MPICH 4.0.2", found: "MPICH 4.0.2")
        #expect(found.allSatisfy { $0.level == .fine })
        #expect(found.contains { $0.words == "shared memory, as MPICH 4.0.2 uses it" })
        #expect(found.contains { $0.words == "as MPICH 4.0.2 chooses; interfaces: eth0" })
        ranks[2].interfaces = ["eth0", "docker0"]
        let advice = findings(ranks, builtFor: "MPICH 4.0.2", found: "MPICH 4.0.2")
            .filter { $0.level == .warning }.map(\.advice)
        #expect(advice == ["name the network: mpirun -iface eth0, or FI_TCP_IFACE=eth0"])
    }

    private func placed(_ change: (Int, inout Checkup.Destination) -> Void) -> [Checkup] {
        var ranks = healthy([1, 1])
        for index in ranks.indices {
            var place = Checkup.Destination(
                folder: "/scratch", fileSystem: "xfs", isShared: false, free: 10 << 30,
                isWritable: true)
            change(index, &place)
            ranks[index].destination = place
        }
        return ranks
    }

    @Test func theLeastRoomIsNamedWithItsHost() {
        let ranks = placed { if $0 == 1 { $1.free = 3 << 30 } }
        let words = findings(ranks).first { $0.subject == "destination" }?.words
        #expect(words == "/scratch: xfs, at least 3.0 GiB free (node1)")
    }

    @Test func aDestinationMustBeWritableOnEveryNode() {
        let ranks = placed { if $0 == 1 { $1.isWritable = false } }
        #expect(flaws(ranks).map(\.level) == [.failure])
        #expect(flaws(ranks)[0].words == "node1: /scratch is not writable")
    }

    @Test func aSharedDestinationIsAWarning() {
        let ranks = placed { $1.isShared = true }
        #expect(flaws(ranks).map(\.subject) == ["destination"])
        #expect(flaws(ranks).map(\.level) == [.warning])
    }

    @Test func clocksMayDifferByASecond() {
        var ranks = healthy()
        ranks[3].clock += 1_000_000
        #expect(flaws(ranks) == [])
        ranks[3].clock += 1
        #expect(flaws(ranks)[0].words == "those of node1 and node0 differ by 1000.0 ms")
    }

    @Test func fewWatchesAreAWarning() {
        var ranks = healthy()
        ranks[1].watchesMax = 8192
        #expect(flaws(ranks).map(\.subject) == ["inotify"])
    }

    @Test func aCheckupSurvivesTheJourney() {
        var sent = placed { $1.folder = "/scratch/with blank/é" }[1]
        sent.copyScope = -1
        sent.node = .max
        sent.interfaces = ["eth0", "ib0"]
        #expect(sent.bytes.count == Checkup.byteCount)
        #expect(Checkup(bytes: sent.bytes) == sent)
        sent.destination = nil
        #expect(Checkup(bytes: sent.bytes) == sent)
        #expect(Checkup(bytes: Array("another version".utf8)) == nil)
        #expect(Checkup(bytes: []) == nil)
    }

    @Test(arguments: [
        ([:], Checkup.Launcher.none, 0),
        (
            ["OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "4", "SLURM_PROCID": "0"],
            .mpirun, 4
        ),
        (["SLURM_PROCID": "0", "SLURM_STEP_ID": "2", "SLURM_STEP_NUM_TASKS": "3"], .srun, 3),
        (["SLURM_PROCID": "0"], .none, 0),
        (["PMI_RANK": "0", "PMI_SIZE": "2"], .mpiexec, 2),
        (["PMIX_RANK": "0"], .mpiexec, 0),
    ])
    func theLauncherIsKnownByItsVariables(
        variables: [String: String], launcher: Checkup.Launcher, launched: Int
    ) {
        let look = HostLook { variables[$0] }
        #expect(look.launch.launcher == launcher)
        #expect(look.launch.launched == launched)
    }

    @Test func aFileThatIsThereIsJudgedByItsFolder() {
        let checkup = HostLook { _ in nil }.checkup(destination: "/etc/passwd")
        #expect(checkup.destination?.folder == "/etc")
    }

    /// Of this very machine: a place that does not exist yet is judged by the folder above it.
    @Test func aPlaceThatIsMissingIsJudgedByTheFolderAbove() {
        let checkup = HostLook { _ in nil }.checkup(destination: "/tmp/none/such/place")
        #expect(checkup.destination?.folder == "/tmp")
        #expect(checkup.destination?.isWritable == true)
        #expect((checkup.destination?.free ?? 0) > 0)
        #expect(checkup.watchesMax > 0)
    }
}
