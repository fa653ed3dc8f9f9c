import Launch
import MPITransport

/// The same number for all ranks of a node, and another one for those of every other node.
func nodeNumber(in world: borrowing MPIWorld) -> UInt64 {
    NodeIdentity(hostName: world.processorName).number
}
