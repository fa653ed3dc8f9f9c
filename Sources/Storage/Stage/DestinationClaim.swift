import CLinux
import Glibc

/// The right to stage to a destination on this host, which no other job has while this value lives.
/// The kernel holds the claim, so that a killed job releases it.
package struct DestinationClaim: ~Copyable {
    private let name: OpenFile

    /// Nil where another process has it, or a job of another host writes there.
    package static func take(
        _ place: DestinationPlace
    ) throws(StorageError) -> DestinationClaim? {
        guard !DestinationLocks.areHeld(at: place.path) else { return nil }
        do throws(StorageError) {
            let raw = try posix("bind", place.path) {
                unsafe clinux_claim_name("mpiswarm-stage-\(place.digits)")
            }
            return DestinationClaim(name: OpenFile(raw: raw))
        } catch .system(_, _, EADDRINUSE) {
            return nil
        }
    }

    private init(name: consuming OpenFile) { self.name = name }
}
