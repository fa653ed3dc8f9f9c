import CPMIx
import Glibc

/// The facts by which ranks recognise that they run on one node. The name of the host is not
/// enough: containers on many nodes may all have one name.
///
/// The launcher's own list of ranks decides, because it is right for ranks that have a container
/// each. Where no launcher gives one, the kernel decides: its start, and the namespaces that make
/// several nodes of one machine. The mount namespace is none of these, because each rank may have
/// its own, with the same disks.
package struct NodeIdentity: Equatable, Sendable {
    /// The ranks of this node in the words of the runtime; nil where it does not list them.
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

    /// Of this process. MPI has to be started, because it starts the runtime's library.
    package init(hostName: String) {
        self.init(
            localPeers: Self.localPeers, boot: Self.text(inFile: "/proc/sys/kernel/random/boot_id"),
            namespaces: ["net", "ipc", "uts"].map { Self.identity(ofFile: "/proc/self/ns/\($0)") },
            hostName: hostName)
    }

    /// The same number for all ranks of a node.
    package var number: UInt64 {
        let text =
            localPeers ?? "\(boot) \(namespaces.map { "\($0)" }.joined(separator: " ")) \(hostName)"
        var number: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { number = (number ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return number
    }

    /// A list that is cut off still differs from those of other nodes: no rank is in two.
    private static let peersCapacity = 64 << 10

    private static var localPeers: String? {
        guard let job = Environment.value(of: "PMIX_NAMESPACE") else { return nil }
        var text = [CChar](repeating: 0, count: peersCapacity)
        guard unsafe cpmix_local_peers(job, &text, text.count) else { return nil }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Empty where it cannot be read.
    private static func text(inFile path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// Zero where there is none.
    private static func identity(ofFile path: String) -> UInt64 {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : 0
    }
}
