/// The findings of one rank about its process and its host, for `mpiswarm doctor`. Rank 0 judges
/// those of all ranks together.
package struct Checkup: Equatable, Sendable {
    /// How the ranks were started, by the variables that launchers set.
    package enum Launcher: String, CaseIterable, Sendable {
        case mpirun
        case srun
        case flux
        case mpiexec
        case none
    }

    package var host = ""
    /// Equal for all ranks of a node, and for no others.
    package var node: UInt64 = 0
    package var launcher = Launcher.none
    /// How many processes the launcher says that it started; 0 where it does not say.
    package var launched = 0
    /// `ob1`, `ucx` or `cm`, as Open MPI chose it; empty where that is unknown.
    package var messaging = ""
    /// Whether one process may copy from the memory of another: the value of `ptrace_scope`, 0
    /// where there is no such file, -1 where the kernel refuses the call.
    package var copyScope = 0
    /// Whether Open MPI may do that at all; this program switches it off unless a user decides.
    package var usesSingleCopies = false
    package var sharedMemoryFree = 0
    /// The names of interfaces that are up and have an IPv4 address, but for the loopback.
    package var interfaces: [String] = []
    package var destination: Destination?
    package var watchesMax = 0
    /// The wall clock, in microseconds since 1970, when all ranks had just met.
    package var clock = 0

    /// The place that `stage` would write to.
    package struct Destination: Equatable, Sendable {
        /// The path, or the nearest folder above it that exists.
        package var folder: String
        package var fileSystem: String
        package var isShared: Bool
        package var free: Int
        package var isWritable: Bool

        package init(
            folder: String, fileSystem: String, isShared: Bool, free: Int, isWritable: Bool
        ) {
            self.folder = folder
            self.fileSystem = fileSystem
            self.isShared = isShared
            self.free = free
            self.isWritable = isWritable
        }
    }

    package init() {}
}

extension Checkup {
    /// Checkups travel as text of one size, zeros at the end.
    package static let byteCount = 1024

    private static let separator: Character = "\u{1F}"

    package var bytes: [UInt8] {
        var fields = [
            host, launcher.rawValue, "\(launched)", messaging, "\(copyScope)",
            "\(sharedMemoryFree)", interfaces.joined(separator: " "), "\(watchesMax)", "\(clock)",
            usesSingleCopies ? "1" : "0", "\(node)",
        ]
        if let destination {
            // A path that does not fit loses its end, and nothing besides.
            fields += [
                destination.fileSystem, destination.isShared ? "1" : "0", "\(destination.free)",
                destination.isWritable ? "1" : "0", destination.folder,
            ]
        }
        let text = fields.joined(separator: String(Self.separator))
        let bytes = Array(text.utf8.prefix(Self.byteCount))
        return bytes + [UInt8](repeating: 0, count: Self.byteCount - bytes.count)
    }

    /// Nothing where the bytes are no checkup.
    package init?(bytes: [UInt8]) {
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        let fields = text.split(separator: Self.separator, omittingEmptySubsequences: false)
        guard fields.count == 11 || fields.count == 16,
            let launcher = Launcher(rawValue: String(fields[1])),
            let launched = Int(fields[2]), let copyScope = Int(fields[4]),
            let sharedMemoryFree = Int(fields[5]), let watchesMax = Int(fields[7]),
            let clock = Int(fields[8]), let node = UInt64(fields[10])
        else { return nil }
        host = String(fields[0])
        self.node = node
        self.launcher = launcher
        self.launched = launched
        messaging = String(fields[3])
        self.copyScope = copyScope
        self.sharedMemoryFree = sharedMemoryFree
        interfaces = fields[6].split(separator: " ").map(String.init)
        self.watchesMax = watchesMax
        self.clock = clock
        usesSingleCopies = fields[9] == "1"
        guard fields.count == 16 else { return }
        guard let free = Int(fields[13]) else { return nil }
        destination = Destination(
            folder: String(fields[15]), fileSystem: String(fields[11]), isShared: fields[12] == "1",
            free: free, isWritable: fields[14] == "1")
    }
}
