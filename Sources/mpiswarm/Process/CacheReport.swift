import CommandLine
import Control
import Glibc
import Storage
import Vocabulary

/// `mpiswarm cache ACTION`: lists, verifies or shrinks the cache of this user on this machine. If a
/// launcher starts it on several nodes, each rank prints the name of its node.
struct CacheReport {
    private let options: CacheOptions
    private let prefix: String
    private let path: String

    init(_ options: CacheOptions, in environment: LaunchEnvironment) {
        self.options = options
        let host = hostName
        prefix = environment.rank == nil ? "" : "\(harmless(host)): "
        path = absolute(
            expanded(options.place?.path ?? "", rank: environment.rank ?? .first, host: host))
    }

    func perform() -> Int32 {
        guard options.action != .path else {
            say("\(prefix)\(harmless(path))\n", on: .output)
            return 0
        }
        let cache: NodeCache
        do throws(StorageError) { cache = try NodeCache(existingAt: path) } catch {
            say("mpiswarm: cache: \(prefix)\(sentence(error, path))\n", on: .error)
            return UsageError.exitStatus
        }
        do throws(StorageError) {
            switch options.action {
            case .list, .path: return report(try cache.rows())
            case .verify: return report(try cache.check())
            case .prune: return report(try cache.prune(to: Int64(options.place?.size?.bytes ?? 0)))
            }
        } catch {
            say("mpiswarm: cache: \(prefix)\(sentence(error))\n", on: .error)
            return 1
        }
    }

    private func print(_ lines: [String]) {
        say(lines.map { "\(prefix)\($0)\n" }.joined(), on: .output)
    }

    private func report(_ rows: [CacheRow]) -> Int32 {
        var lines = rows.map { row in
            let files = row.fileCount == 1 ? "1 file" : "\(row.fileCount) files"
            let use = row.isUsed ? ", in use" : ""
            return "\(harmless(row.name)): \(files), \(row.size.words), last used "
                + "\(CalendarDate(secondsSince1970: row.usedAt).text)\(use)"
        }
        lines.append(contents(rows.count))
        print(lines)
        return 0
    }

    private func report(_ check: CacheCheck) -> Int32 {
        var lines = check.damaged.map { row in
            let files = row.fileCount == 1 ? "1 damaged file" : "\(row.fileCount) damaged files"
            return "\(harmless(row.name)): \(files)"
        }
        let words = "\(contents(check.contentCount)), \(check.byteCount.words) read"
        lines.append(lines.isEmpty ? "good: \(words)" : "damaged: \(words)")
        print(lines)
        return check.damaged.isEmpty ? 0 : 1
    }

    private func report(_ pruned: (evicted: [CacheRow], left: ByteCount)) -> Int32 {
        var lines = pruned.evicted.map { "evicted \(harmless($0.name)), \($0.size.words)" }
        lines.append("\(contents(pruned.evicted.count)) evicted, \(pruned.left.words) left")
        print(lines)
        return 0
    }

    private func contents(_ count: Int) -> String {
        count == 1 ? "1 content" : "\(count) contents"
    }
}
