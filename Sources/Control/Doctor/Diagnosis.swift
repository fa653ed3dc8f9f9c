/// Judges the checkups of all ranks, in the order of the ranks. A function of its arguments alone.
package struct Diagnosis: Sendable {
    /// Names and versions of the MPI that was loaded and of the one that the build was made for.
    package let mpiFound: String
    package let mpiBuiltFor: String
    package let ranks: [Checkup]
    /// The user's choice in `OMPI_MCA_btl_tcp_if_include`.
    package let chosenInterfaces: String?

    package init(
        mpiFound: String, mpiBuiltFor: String, ranks: [Checkup], chosenInterfaces: String? = nil
    ) {
        precondition(!ranks.isEmpty, "rank 0 has a checkup of its own")
        self.mpiFound = mpiFound
        self.mpiBuiltFor = mpiBuiltFor
        self.ranks = ranks
        self.chosenInterfaces = chosenInterfaces
    }

    package var findings: [Finding] {
        [library, launch, ranksOfNodes, withinNodes] + between + places + [watches, clocks]
    }

    package static let sharedMemoryOfRank = 8 << 20
    package static let watchesEnough = 65_536
    package static let clockMicrosecondsMax = 1_000_000

    /// The ranks of each node, in the order of the lowest ones.
    var nodes: [[Checkup]] {
        var places: [UInt64: Int] = [:]
        var nodes: [[Checkup]] = []
        for rank in ranks {
            let place = places[rank.node] ?? nodes.count
            if place == nodes.count { nodes.append([]) }
            places[rank.node] = place
            nodes[place].append(rank)
        }
        return nodes
    }

    private var library: Finding {
        let words = "\(mpiFound), built for \(mpiBuiltFor), with MPI_THREAD_MULTIPLE"
        let (found, builtFor) = (Self.major(mpiFound), Self.major(mpiBuiltFor))
        // Open MPI 5 has kept the binary interface of version 4.
        guard found == builtFor || (found, builtFor) == ("Open MPI 5", "Open MPI 4") else {
            return Finding(
                .failure, "MPI", words,
                advice: "load the MPI that the program was built for, or build it for this one")
        }
        return Finding(.fine, "MPI", words)
    }

    /// What others choose at the start is not known here.
    var isOpenMPI: Bool { mpiFound.hasPrefix("Open MPI") }

    /// `Open MPI 4` of `Open MPI v4.1.4`.
    static func major(_ text: String) -> String {
        let name = text.prefix { $0 != "." }
        return name.map { $0 == "v" && !name.hasPrefix("v") ? "" : String($0) }.joined()
    }

    private var launch: Finding {
        let launcher = ranks[0].launcher
        if launcher == .none {
            return Finding(
                .warning, "launcher", "none: one process that was started by hand",
                advice: "start it as the job will be, for instance mpirun -np 4 mpiswarm doctor")
        }
        let launched = ranks.map(\.launched).max() ?? 0
        guard launched <= ranks.count else {
            return Finding(
                .failure, "launcher",
                "\(launcher.rawValue) started \(launched) processes, and MPI sees \(ranks.count)",
                advice: launcher == .srun
                    ? "use srun --mpi=pmix" : "use the mpirun of the MPI that is named above")
        }
        return Finding(.fine, "launcher", launcher.rawValue)
    }

    private var ranksOfNodes: Finding {
        let nodes = nodes
        let shown = nodes.prefix(4).map { "\($0[0].host) \($0.count)" }.joined(separator: ", ")
        let rest = nodes.count > 4 ? " and \(nodes.count - 4) more" : ""
        let places = nodes.count == 1 ? "1 node" : "\(nodes.count) nodes"
        let number = ranks.count == 1 ? "1 rank" : "\(ranks.count) ranks"
        let words = "\(number) on \(places): \(shown)\(rest)"
        guard ranks.count > 1 else {
            return Finding(
                .warning, "ranks", words, advice: "serve and run need two ranks or more")
        }
        guard Set(nodes.map(\.[0].host)).count == nodes.count else {
            return Finding(
                .warning, "ranks", "\(words); several nodes have one name",
                advice: "write {rank} in place of {host} in paths, or give each node a name")
        }
        return Finding(.fine, "ranks", words)
    }

    private var withinNodes: Finding {
        let crowded = nodes.filter { $0.count > 1 }
        let small = crowded.first {
            $0[0].sharedMemoryFree < Self.sharedMemoryOfRank * $0.count
        }
        if let small {
            let free = small[0].sharedMemoryFree
            return Finding(
                .warning, "within nodes",
                "\(small[0].host): \(free >> 20) MiB are free in /dev/shm for \(small.count) ranks",
                advice: "run mpiswarm clean there, or enlarge /dev/shm (containers: --shm-size)")
        }
        let together = crowded.flatMap { $0 }
        guard !together.isEmpty else {
            return Finding(.fine, "within nodes", "one rank on each node")
        }
        guard isOpenMPI else {
            return Finding(.fine, "within nodes", "shared memory, as \(mpiFound) uses it")
        }
        let isPermitted = together.allSatisfy { $0.copyScope == 0 }
        guard ranks[0].usesSingleCopies else {
            let words = isPermitted ? "permitted, but not used" : "neither permitted nor used"
            return Finding(
                .fine, "within nodes", "shared memory; single copies (CMA) are \(words)")
        }
        guard let refused = together.first(where: { $0.copyScope != 0 }) else {
            return Finding(.fine, "within nodes", "shared memory, with single copies (CMA)")
        }
        let why =
            refused.copyScope < 0
            ? "the kernel refuses process_vm_readv"
            : "kernel.yama.ptrace_scope is \(refused.copyScope)"
        return Finding(
            .warning, "within nodes",
            "shared memory, but every byte is copied twice: \(refused.host): \(why)",
            advice: refused.copyScope < 0
                ? "permit it in the container's seccomp profile"
                : "sysctl kernel.yama.ptrace_scope=0, if the site's rules allow it")
    }
}
