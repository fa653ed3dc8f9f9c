import Launch
import MPITransport

/// A number that all ranks of a node share, and that differs between nodes.
func nodeNumber(in world: borrowing MPIWorld) -> UInt64 {
    NodeIdentity(hostName: world.processorName).number
}
