import CommandLine
import Glibc
import Node
import Vocabulary

/// The message trace of one rank, a file `trace<R>.txt`, if traces are asked for. Both threads of a
/// peer write to it: each line is one append, so lines never tear.
func openTrace(_ folder: String?, _ rank: Rank, _ log: JobLog = .none) -> Trace? {
    guard let folder else { return nil }
    _ = unsafe mkdir(folder, 0o777)
    let path = "\(folder)/trace\(rank).txt"
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o666)
    guard file >= 0 else {
        // Only rank 0 prints the error; a trace that cannot be written does not stop the others.
        if rank == .first {
            let reason = unsafe String(cString: strerror(errno))
            log.print("mpiswarm: warning: no traces: \(path): \(reason)")
        }
        return nil
    }
    return Trace { line in
        var line = line
        line.withUTF8 { bytes in _ = unsafe write(file, bytes.baseAddress, bytes.count) }
    }
}
