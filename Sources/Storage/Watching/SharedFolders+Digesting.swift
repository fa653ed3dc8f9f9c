import Content
import Glibc
import Vocabulary

/// Reading what was found: short files first, and of the long ones others hear beforehand.
extension SharedFolders {
    /// Digested in one step, so that others hear of the first ones soon.
    private static let filesPerStepMax = 64
    private static let bytesPerStepMax: Int64 = 64 << 20

    mutating func digest(now: Tick, _ changes: inout [ShareChange]) {
        var bytes: Int64 = 0
        var count = 0
        while taken < found.count, count < Self.filesPerStepMax, bytes < Self.bytesPerStepMax {
            if found[taken].length > Self.bytesPerStepMax {
                announce(&changes)
                if postpone() { continue }
                // Known changes are reported first.
                guard changes.isEmpty else { break }
            }
            endFirstLook(at: taken)
            let next = found[taken]
            taken += 1
            count += 1
            guard let name = name(of: next), !muted.contains(name) else { continue }
            bytes += publish(name, next, now: now, &changes)
        }
        if taken == found.count {
            found = []
            taken = 0
        }
    }

    /// The next file takes long: others hear of it, and the first look does not wait for it.
    private mutating func announce(_ changes: inout [ShareChange]) {
        endFirstLook(at: taken)
        let next = found[taken]
        guard !next.isAnnounced else { return }
        found[taken].isAnnounced = true
        guard let name = name(of: next), !muted.contains(name), offers[name] == nil else { return }
        changes.append(.reading(name, ByteCount(next.length)))
    }

    private mutating func endFirstLook(at place: Int) {
        if found[place].isOfFirstLook { firstLookLeft -= 1 }
        found[place].isOfFirstLook = false
    }

    func name(of next: Found) -> RelativePath? {
        do throws(PathError) { return try next.root.name(of: next.path) } catch { return nil }
    }

    /// A user who waits for a short file does not wait for the long ones.
    private mutating func postpone() -> Bool {
        guard !found[taken].isPostponed, taken + 1 < found.count else { return false }
        var next = found[taken]
        next.isPostponed = true
        found.append(next)
        taken += 1
        return true
    }

    private mutating func publish(
        _ name: RelativePath, _ next: Found, now: Tick, _ changes: inout [ShareChange]
    ) -> Int64 {
        do throws(StorageError) {
            let source = try ByteSource(
                name, at: next.path, in: next.root.open(), isNamed: false,
                whileWanted: isWanted)
            offer(name, source, from: next, &changes)
            return source.publication.geometry.total.raw
        } catch .system(_, _, let code) where code == ENOENT || code == ECANCELED {
            // The watch will report it, or it is no longer wanted.
        } catch {
            // It may have been offered as it was before.
            withdraw(name, &changes)
            refuse(name.description, error, &changes)
            if case .changed = error {
                next.root.watch.retry(next.path, now: now)
            } else {
                next.root.watch.doubt(next.path)
            }
        }
        if next.isAnnounced { changes.append(.notRead(name)) }
        return 0
    }
}
