import CLinux
import Glibc

/// Reads what a checkup says of this host. Anything that cannot be read counts as absent.
package struct HostLook {
    private let environment: (String) -> String?
    /// The value that this program gives to the variable before MPI starts.
    private static let withoutCopies = "send,inplace"

    package init(environment: @escaping (String) -> String?) { self.environment = environment }

    /// All but the launcher, the host's name, the clock and what MPI knows.
    package func checkup(destination: String?) -> Checkup {
        var checkup = Checkup()
        checkup.copyScope =
            clinux_may_copy_memory() == 0
            ? -1 : Self.number(inFile: "/proc/sys/kernel/yama/ptrace_scope") ?? 0
        checkup.usesSingleCopies = environment("OMPI_MCA_btl_vader_flags") != Self.withoutCopies
        checkup.sharedMemoryFree = Self.free(at: "/dev/shm")
        checkup.interfaces = Self.interfaces
        checkup.watchesMax = Self.number(inFile: "/proc/sys/fs/inotify/max_user_watches") ?? 0
        checkup.destination = destination.map(Self.place)
        return checkup
    }

    /// Several launchers set a part of the same variables; the one that sets most comes first.
    package var launch: (launcher: Checkup.Launcher, launched: Int) {
        let rows: [(Checkup.Launcher, rank: String, count: String)] = [
            (.mpirun, "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
            (.flux, "FLUX_TASK_RANK", "FLUX_JOB_SIZE"),
            (.srun, "SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
            (.mpiexec, "PMI_RANK", "PMI_SIZE"),
            (.mpiexec, "PMIX_RANK", ""),
        ]
        for row in rows where environment(row.rank) != nil {
            // A batch script of Slurm is a process of its own, which srun did not start.
            if row.0 == .srun, environment("SLURM_STEP_ID") == nil { continue }
            return (row.0, environment(row.count).flatMap { Int($0) } ?? 0)
        }
        return (.none, 0)
    }

    private static func number(inFile path: String) -> Int? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let digits = bytes.prefix(count).prefix { (0x30...0x39).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    private static func free(at path: String) -> Int {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return 0 }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(
            by: UInt64(status.f_frsize))
        return overflow ? .max : Int(clamping: bytes)
    }

    private static var interfaces: [String] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard unsafe getifaddrs(&first) == 0 else { return [] }
        defer { unsafe freeifaddrs(first) }
        var names: [String] = []
        var next = unsafe first
        while let entry = unsafe next {
            unsafe next = entry.pointee.ifa_next
            let flags = unsafe entry.pointee.ifa_flags
            guard let address = unsafe entry.pointee.ifa_addr,
                unsafe address.pointee.sa_family == sa_family_t(AF_INET),
                flags & UInt32(IFF_UP) != 0, flags & UInt32(IFF_LOOPBACK) == 0
            else { continue }
            let name = unsafe String(cString: entry.pointee.ifa_name)
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    private static func isMissing(_ path: String) -> Bool {
        unsafe access(path, F_OK) != 0 && errno == ENOENT
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Looks at the nearest folder that exists: `stage` makes what is missing below it.
    private static func place(_ path: String) -> Checkup.Destination {
        var folder = path
        // A copy of a file replaces the file there.
        while isFile(folder) || isMissing(folder) {
            guard let slash = folder.lastIndex(of: "/") else {
                folder = "."
                break
            }
            guard slash != folder.startIndex else {
                folder = "/"
                break
            }
            folder = String(folder[..<slash])
        }
        let kind = FileSystemKind.described(unsafe Int(clinux_file_system_type_of(folder)))
        return Checkup.Destination(
            folder: folder, fileSystem: kind.name, isShared: kind.isShared, free: free(at: folder),
            isWritable: unsafe access(folder, W_OK | X_OK) == 0)
    }
}
