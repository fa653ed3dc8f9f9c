import CLinux
import Glibc

/// What a supervisor hands to the watch over its launcher, as `<descriptor> <process> <looks>` in
/// the environment.
struct LauncherTicket: Equatable {
    /// Of the process, so that no other process can have its number meanwhile.
    let descriptor: Int32
    let launcher: Int32
    /// The number of looks at a launcher that has nothing left to do.
    let looksMax: Int

    init(descriptor: Int32, launcher: Int32, looksMax: Int) {
        self.descriptor = descriptor
        self.launcher = launcher
        self.looksMax = looksMax
    }

    init(parsing text: String) throws(LaunchError) {
        let fields = text.split(separator: " ").compactMap { Int32($0) }
        guard fields.count == 3, fields[0] > STDERR_FILENO, fields[1] > 1, fields[2] > 0 else {
            throw .badTicket(text)
        }
        self.init(descriptor: fields[0], launcher: fields[1], looksMax: Int(fields[2]))
    }

    /// For the launcher of the calling supervisor. Nil where that is not surely an mpirun that ends
    /// with this job: on other nodes it is a daemon, and with recovery mpirun goes on.
    init?(looksMax: Int) {
        guard Runtime.isUnderMpirun, !RecoveringLauncher.isAbove else { return nil }
        let parent = getppid()
        let descriptor = clinux_pidfd_open(parent)
        // The parent cannot have ended before, or this process would have another one by now.
        guard descriptor >= 0, getppid() == parent, RecoveringLauncher.isLauncher(parent) else {
            if descriptor >= 0 { close(descriptor) }
            return nil
        }
        self.init(descriptor: descriptor, launcher: parent, looksMax: looksMax)
    }

    var text: String { "\(descriptor) \(launcher) \(looksMax)" }
}
