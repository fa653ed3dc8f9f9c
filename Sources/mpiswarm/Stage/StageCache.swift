import CommandLine
import Content
import Glibc
import MPITransport
import Storage
import Vocabulary

/// The cache of `--cache` on one rank.
struct StageCache: Sendable {
    private let options: StageOptions
    /// From the root, with its placeholders replaced; nil where no cache is wished.
    private let path: String?
    /// Whether this rank claims what it stages through the cache, for all ranks of the job that
    /// have the same cache.
    private let claims: Bool
    private let held = HeldClaim()

    /// Every rank has to call it, before it has any endpoint.
    init(_ options: StageOptions, _ world: borrowing MPIWorld) {
        self.options = options
        path = Self.path(of: options, rank: world.rank, host: world.processorName)
        guard let path else {
            claims = false
            return
        }
        let receivers = StageRanks.ranks(options.receivers)
        let receives = receivers?.contains(world.rank) ?? true
        let place = DestinationPlace(path).number ^ nodeNumber(in: world)
        // Zero stands for a rank that claims nothing.
        let all = world.gather(receives ? max(1, place) : 0)
        claims = receives && all.firstIndex(of: max(1, place)) == Int(world.rank.raw)
    }

    static func path(of options: StageOptions, rank: Rank, host: String) -> String? {
        guard let place = options.cache, !options.dryRun, !options.check else { return nil }
        return absolute(expanded(place.path, rank: rank, host: host))
    }

    /// Nil where no cache is wished. One that cannot be used is reported, and not used.
    func open() -> JobCache? {
        guard let path, let place = options.cache else { return nil }
        return JobCache(
            words: { cacheWarning($0, at: path) },
            open: { () throws(StorageError) in
                try NodeCache(
                    at: path, byteCountMax: place.size.map { Int64($0.bytes) },
                    verifies: options.verify, links: options.cacheLink)
            })
    }

    /// The same for all jobs that stage the same through the same cache: one of them fetches it,
    /// and the others wait for that.
    private var place: DestinationPlace? {
        guard let path, claims else { return nil }
        let sources = options.sourcePaths.map { absolute($0) }.joined(separator: "\0")
        let terms =
            "\(options.filters)\(options.unpack)\(options.follow)\(options.preserve)"
            + "\(options.withLibs)\(options.digest)\(options.pieceSize?.bytes ?? 0)"
        let digest = Digester.digest(of: Array("\(sources)\0\(terms)".utf8), .xxh3)
        let digits = digest.map { String($0, radix: 16) }.joined(separator: "-")
        return DestinationPlace("\(path)/\(digits)")
    }

    /// Claims the destination, and what is staged through the cache. False where another job has
    /// one of them; then this one gets neither. The lock in the destination is still there where
    /// claims cannot be made.
    func take(_ destination: DestinationPlace, _ claim: inout DestinationClaim?) -> Bool {
        do throws(StorageError) {
            claim = try DestinationClaim.take(destination)
            guard claim != nil else { return false }
            guard let place, try !held.take(place) else { return true }
            claim = nil
            return false
        } catch { return true }
    }

    /// All is added before the command of `--then`, which may take as long as it likes.
    func lettingGo(
        before hook: StageHook?
    ) -> (@Sendable (@escaping @Sendable (String?) -> Void) -> Void)? {
        guard let hook else { return nil }
        return { [self] done in
            letGo()
            hook.run(done)
        }
    }

    /// Lets another job in that stages the same.
    func letGo() { held.release() }

    /// The reason why the folder is refused before anything is moved; nil where it is fit, or the
    /// job can go on without it.
    static func flaw(of options: StageOptions, rank: Rank, host: String) -> String? {
        guard let path = path(of: options, rank: rank, host: host) else { return nil }
        let place = DestinationPlace(path)
        let others = options.paths + [options.have].compactMap(\.self)
        for other in others {
            let otherPath = absolute(expanded(other, rank: rank, host: host))
            guard place.overlaps(DestinationPlace(otherPath)) else { continue }
            return "--cache \(path): it and \(otherPath) may not lie in one another"
        }
        do throws(StorageError) {
            _ = try NodeCache(at: path, byteCountMax: nil, verifies: false, links: false)
            return nil
        } catch {
            switch error {
            case .foreign, .notAFile, .notACache, .system(_, _, ENOTDIR), .system(_, _, ELOOP),
                .system(_, _, ENAMETOOLONG):
                return "--cache \(path): \(error.reason)"
            default: return nil
            }
        }
    }
}

private func cacheWarning(_ trouble: CacheTrouble, at path: String) -> String {
    switch trouble {
    case .failed(.system("flock", _, _)):
        "another process keeps the cache \(harmless(path)) locked; the job goes on without it"
    case .failed(let error):
        "the cache \(harmless(path)) failed (\(sentence(error))); the job goes on without it"
    case .full:
        "the cache \(harmless(path)) has no room for this copy: it is larger than SIZE, or running "
            + "jobs use the rest"
    case .unlinked(.system(_, _, EXDEV)):
        "--cache-link: the cache \(harmless(path)) and this copy are on different file systems: "
            + "files are copied"
    case .unlinked(let error):
        "--cache-link: the cache \(harmless(path)) and this copy cannot share files "
            + "(\(sentence(error))): they are copied"
    }
}
