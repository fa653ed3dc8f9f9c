import CPMIx
import Glibc

/// The facts by which ranks recognise that they run on one node. The name of the host is not
/// enough: containers on many nodes may all have one name.
///
/// The launcher's own list of ranks decides, because it is right even for ranks that have a
/// container each. Without a list the kernel decides: its boot ID, and the namespaces that can make
/// several nodes of one machine. The mount namespace does not count, because each rank may have its
/// own, with the same disks.
package struct NodeIdentity: Equatable, Sendable {
    /// The runtime's list of the ranks of this node; nil if it has none.
    let localPeers: String?
    let boot: String
    let namespaces: [UInt64]
    let hostName: String

    init(localPeers: String?, boot: String, namespaces: [UInt64], hostName: String) {
        self.localPeers = localPeers
        self.boot = boot
        self.namespaces = namespaces
        self.hostName = hostName
    }

    /// The identity of this process's node. MPI has to be started, because it starts the runtime's
    /// library.
    package init(hostName: String) {
        self.init(
            localPeers: Self.localPeers, boot: Self.text(inFile: "/proc/sys/kernel/random/boot_id"),
            namespaces: ["net", "ipc", "uts"].map { Self.identity(ofFile: "/proc/self/ns/\($0)") },
            hostName: hostName)
    }

    /// A number that is the same for all ranks of a node.
    package var number: UInt64 {
        let text =
            localPeers ?? "\(boot) \(namespaces.map { "\($0)" }.joined(separator: " ")) \(hostName)"
        var number: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { number = (number ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return number
    }

    /// The longest list. One that is cut off still differs from those of other nodes, because no
    /// rank is in two lists.
    private static let peersCapacity = 64 << 10

    private static var localPeers: String? {
        guard let job = Environment.value(of: "PMIX_NAMESPACE") else { return nil }
        var text = [CChar](repeating: 0, count: peersCapacity)
        guard unsafe cpmix_local_peers(job, &text, text.count) else { return nil }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The beginning of a file; empty if it cannot be read.
    private static func text(inFile path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// The inode of a file; zero if there is none.
    private static func identity(ofFile path: String) -> UInt64 {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : 0
    }
}
