import CommandLine
import MPITransport
import Staging
import Storage
import Vocabulary

/// Which ranks see DEST as rank 0 does, so that they may write to it.
enum DestinationView {
    /// Rank 0 creates a file beside DEST, and the others look for it. Returns nil if rank 0 alone
    /// writes. Every rank has to call this, before it has any endpoint.
    static func ranks(_ options: StageOptions, _ world: borrowing MPIWorld) -> [Rank]? {
        guard let collect = options.collect, collect.writersMax > 1, !options.dryRun else {
            return nil
        }
        var token: SharedToken?
        if world.rank == .first {
            let path = absolute(options.destination)
            let common = StageWish.Collect.commonFolder(of: path) ?? path
            // Rank 0 reports later that it cannot write there.
            do throws(StorageError) { token = try SharedToken(above: common) } catch {
                token = nil
            }
        }
        let sign = SharedSign(parsing: world.agree(on: token?.sign.encoded ?? []))
        let seen = world.gather(sign?.isSeen == true && !isMount(options) ? 1 : 0)
        _ = consume token
        return seen.indices.filter { $0 == 0 || seen[$0] == 1 }.map { Rank(Int32($0)) }
    }

    /// Whether DEST is a mount here, so that what grows beside it cannot get its name in it.
    private static func isMount(_ options: StageOptions) -> Bool {
        let path = absolute(options.destination)
        return StageWish.Collect.commonFolder(of: path) == nil
            && !options.destination.hasSuffix("/") && isMountPoint(path)
    }
}
