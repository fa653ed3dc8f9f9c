internal import CMPI
internal import Synchronization
package import Vocabulary

/// The sockets of the library over which all messages of this rank come. A thread can wait for them
/// instead of polling.
///
/// They are known only if Open MPI 4.1 sends over TCP, and no other rank is on this host.
package enum MPISockets {
    private static let mayBeKnown = Atomic(false)

    /// A rank of `stage` has few neighbours. The tracker of a large job does not wait for sockets.
    private static let countMax = 256

    /// To be called before there is a second thread.
    static func prepare() {
        guard cmpi_may_use_sockets() else { return }
        CallGate.serialise()
        guard unsafe String(cString: cmpi_messaging()) == "ob1" else { return }
        CallGate.lookAtSocketsRarely()
        mayBeKnown.store(cmpi_is_alone_on_host(), ordering: .relaxed)
    }

    /// Writes the list into `sockets`. If messages may come in other ways, the list is empty and
    /// the answer false; also after a death, because the socket of a dead rank may be ready for
    /// ever.
    package static func list(into sockets: inout [SocketWatch]) -> Bool {
        sockets.removeAll(keepingCapacity: true)
        guard mayBeKnown.load(ordering: .relaxed), DeadRanks.all.isEmpty else { return false }
        return unsafe withUnsafeTemporaryAllocation(
            of: cmpi_socket.self, capacity: countMax
        ) { list in
            let count = CallGate.passInTurn {
                unsafe cmpi_list_sockets(list.baseAddress, CInt(list.count))
            }
            for position in 0..<max(0, Int(count)) {
                let socket = unsafe list[position]
                sockets.append(
                    SocketWatch(descriptor: socket.descriptor, isSending: socket.sends))
            }
            return count >= 0
        }
    }
}
