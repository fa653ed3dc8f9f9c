import Storage
import Swarm

extension Topology {
    /// The topologies without a file.
    static let names = ["full", "line", "ring"]

    /// The topology of that name: one of the names, or the path of a file.
    init(named name: String, trackers: Int) throws(SuperPeerError) {
        switch name {
        case "full": self = .full(trackers)
        case "line": self = .line(trackers)
        case "ring": self = .ring(trackers)
        default:
            let bytes: [UInt8]
            do { bytes = try readWhole(path: name) } catch { throw .unreadable(name, error) }
            do {
                self = try Topology(parsing: bytes, trackerCount: trackers)
            } catch { throw .malformed(name, error) }
        }
    }
}
