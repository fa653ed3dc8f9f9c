import CommandLine
import MPITransport
import Storage
import Vocabulary

/// The files that a command line asks for besides the copies: some that rank 0 writes at the end,
/// and some that every rank writes meanwhile. A path that cannot be written to is refused before
/// the work begins.
struct OutputPaths {
    let command: String
    /// The options whose file rank 0 writes; `-` is standard output.
    var files: [(option: String, path: String?)] = []
    /// Folders that the job creates if they are missing.
    var made: [String] = []
    /// The folder into which every rank traces.
    var traceFolder: String?
    /// The reason why a folder that this rank needs is not fit for it.
    var folderFlaw: (@Sendable (_ rank: Rank, _ host: String) -> String?)?
    /// The log of the job, to whose file rank 0 appends from the start.
    var log = JobLog.none

    /// The exit status if some rank cannot write; nil if all can. Every rank has to call this,
    /// because the ranks decide together.
    func refusal(at world: borrowing MPIWorld) -> Int32? {
        let paths = files.compactMap(\.path).filter { $0 != "-" }
        guard !paths.isEmpty || traceFolder != nil || log.hasFile || folderFlaw != nil else {
            return nil
        }
        let words =
            flaw(of: world.rank) ?? folderFlaw.flatMap { $0(world.rank, world.processorName) }
        let flags = world.gather(words == nil ? 0 : 1)
        guard let first = flags.firstIndex(of: 1) else { return nil }
        guard first == Int(world.rank.raw), let words else { return 0 }
        let place = world.rank == .first ? "" : "\(world.processorName) (rank \(first)): "
        log.print("mpiswarm: \(command): \(harmless(place + words))")
        return UsageError.exitStatus
    }

    private func flaw(of rank: Rank) -> String? {
        // The log comes first, because it gets the other lines.
        if rank == .first, let words = log.flaw() { return words }
        for (option, path) in rank == .first ? files : [] {
            guard let path, path != "-" else { continue }
            do throws(StorageError) {
                let isMade = made.contains { path.hasPrefix($0 + "/") }
                try checkOutput(path: path, isMadeByJob: isMade)
            } catch {
                return "\(option) \(path): cannot be written: \(error.reason)"
            }
        }
        guard let traceFolder else { return nil }
        do throws(StorageError) {
            try checkOutputs(in: traceFolder, missingMax: 1)
        } catch {
            return "--trace-dir \(traceFolder): cannot be written to: \(error.reason)"
        }
        return nil
    }
}
