import CLinux
import Glibc

/// The information of a supervisor for its worker: the descriptor for the report "initialised", and
/// the pid of the parent. It travels as `<descriptor> <pid>` in the environment and not in the
/// arguments, so that those arrive unchanged and `ps` shows the words that the user typed. The
/// worker removes it.
struct WorkerTicket: Equatable {
    static let variable = "MPISWARM_WORKER"

    let descriptor: Int32
    let supervisor: Int32

    init(descriptor: Int32, supervisor: Int32) {
        self.descriptor = descriptor
        self.supervisor = supervisor
    }

    init(parsing text: String) throws(LaunchError) {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 2,
            let descriptor = Int32(fields[0]), descriptor > STDERR_FILENO,
            let supervisor = Int32(fields[1]), supervisor > 0
        else { throw .badTicket(text) }
        self.init(descriptor: descriptor, supervisor: supervisor)
    }

    var text: String { "\(descriptor) \(supervisor)" }
}
