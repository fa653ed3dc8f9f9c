internal import CMPI
internal import CSockets
package import Vocabulary

/// The job as MPI sees it, from `start` to `finish`; there is one in each process, held by the
/// thread that started it.
package struct MPIWorld: ~Copyable {
    package let rank: Rank
    package let rankCount: Int
    /// The name of this rank's host, from MPI. Other nodes may have the same name.
    package let processorName: String
    /// The largest tag that a message may have. Payloads use all tags up to it.
    private let tagUpperBound: Int32

    /// Starts MPI for calls from several threads. From here on calls return their errors; by
    /// default the first error would end the job. The library's messages about dead peers are
    /// suppressed unless `showsDeadPeers` is set, because in this program ranks outlive one
    /// another.
    package static func start(showsDeadPeers: Bool = false) throws(MPIError) -> MPIWorld {
        let wanted = cmpi_thread_multiple()
        var provided: CInt = 0
        try mpi("MPI_Init_thread") { unsafe MPI_Init_thread(nil, nil, wanted, &provided) }
        _ = cmpi_look_at_sockets_once()
        MPISockets.prepare()
        if !showsDeadPeers { _ = cmpi_keep_dead_peers_quiet() }
        if cmpi_is_known_open_mpi() { csockets_hide_ends(showsDeadPeers) }
        try mpi("MPI_Comm_set_errhandler") { cmpi_return_errors_of_world() }
        try mpi("MPI_Comm_set_errhandler") { cmpi_return_errors_of_self() }
        guard provided >= wanted else {
            try mpi("MPI_Finalize") { MPI_Finalize() }
            throw .noThreads(provided: provided)
        }
        return try MPIWorld()
    }

    /// The number of the call that is under way, if messages may go over sockets. Each call returns
    /// at once, or the library hangs.
    package static var callUnderWay: Int? { CallGate.underWay }

    /// The number of the call that is under way and in which all ranks take part. It never returns
    /// if one of them is dead.
    package static var collectiveUnderWay: Int? { CallGate.collectiveUnderWay }

    private init() throws(MPIError) {
        var rank: CInt = 0
        var rankCount: CInt = 0
        try mpi("MPI_Comm_rank") { unsafe MPI_Comm_rank(cmpi_comm_world(), &rank) }
        try mpi("MPI_Comm_size") { unsafe MPI_Comm_size(cmpi_comm_world(), &rankCount) }
        self.rank = Rank(rank)
        self.rankCount = Int(rankCount)
        processorName = unsafe textOfMPI(capacity: cmpi_max_processor_name()) { text, count in
            unsafe MPI_Get_processor_name(text, &count)
        }
        tagUpperBound = cmpi_tag_upper_bound()
    }

    /// The value with which another thread can create an endpoint later.
    package var place: MPIPlace {
        MPIPlace(rank: rank, rankCount: rankCount, tagUpperBound: tagUpperBound)
    }

    /// Returns the value of rank `root`, which must have the same length on every rank. Every rank
    /// has to call this, before it has any endpoint; if MPI fails, each rank keeps its own value.
    package func broadcast(_ own: [UInt8], from root: Rank) -> [UInt8] {
        var bytes = own
        do throws(MPIError) {
            try mpi("MPI_Bcast") {
                unsafe bytes.withUnsafeMutableBytes { bytes in
                    CallGate.passTogether {
                        unsafe cmpi_broadcast(bytes.baseAddress, CInt(bytes.count), root.raw)
                    }
                }
            }
        } catch { return own }
        return bytes
    }

    /// Returns the value of each rank. Every rank has to call this, before it has any endpoint; if
    /// MPI fails, each value is `otherwise`.
    package func gather(_ own: UInt64, otherwise: UInt64 = 0) -> [UInt64] {
        var own = own
        var all = [UInt64](repeating: own, count: rankCount)
        do throws(MPIError) {
            try mpi("MPI_Allgather") {
                unsafe all.withUnsafeMutableBufferPointer { all in
                    CallGate.passTogether { unsafe cmpi_gather_words(&own, all.baseAddress) }
                }
            }
        } catch { all = [UInt64](repeating: otherwise, count: rankCount) }
        return all
    }

    /// Returns the bytes of each rank, by rank; all must have the same length. Every rank has to
    /// call this, before it has any endpoint.
    package func gather(_ own: [UInt8]) throws(MPIError) -> [[UInt8]] {
        var all = [UInt8](repeating: 0, count: own.count * rankCount)
        try mpi("MPI_Allgather") {
            unsafe all.withUnsafeMutableBytes { all in
                CallGate.passTogether {
                    unsafe cmpi_gather_bytes(own, CInt(own.count), all.baseAddress)
                }
            }
        }
        return (0..<rankCount).map { Array(all[($0 * own.count)..<(($0 + 1) * own.count)]) }
    }

    /// The component that carries messages: `ob1`, `ucx` or `cm`; empty if unknown.
    package var messaging: String {
        guard let text = unsafe cmpi_messaging() else { return "" }
        return unsafe String(cString: text)
    }

    /// The name and version of the MPI library, as it describes itself. May be called before
    /// `start`.
    package static var libraryVersion: String {
        unsafe textOfMPI(capacity: cmpi_max_library_version_string()) { text, count in
            unsafe MPI_Get_library_version(text, &count)
        }
    }

    /// The MPI for which this program was built.
    package static var builtFor: String {
        guard let text = unsafe cmpi_built_for() else { return "unknown" }
        return unsafe String(cString: text)
    }

    /// Leaves the job. Every endpoint must be closed before, and no call into MPI may follow.
    package consuming func finish() throws(MPIError) {
        try mpi("MPI_Finalize") { MPI_Finalize() }
    }

    /// Notes that a rank is dead: no endpoint sends to it or waits for it any more. Any thread may
    /// call this.
    package static func forsake(_ rank: Rank) { DeadRanks.note(rank) }

    /// Ends every rank of the job at once. Any thread may call this.
    package static func abort(code: Int32) -> Never {
        _ = cmpi_abort_world(code)
        fatalError("MPI_Abort came back")
    }
}
