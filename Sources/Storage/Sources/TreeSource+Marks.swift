import Content
import Glibc
import Synchronization
import Vocabulary

/// The states by which it is known at the end of the job what has not changed since it was read.
extension TreeSource {
    /// Notes the state of each file and link that is as it was listed. It comes before the first
    /// piece is read. An entry without a noted state is never removed.
    func noteStates(now: Int64 = wallClock()) {
        var noted = [EntryMark?](repeating: nil, count: manifest.entries.count)
        // The files that have further names.
        var firsts: [RelativePath: Int] = [:]
        var folder = EntryFolder()
        for (index, entry) in manifest.entries.enumerated() where entry.body != .folder {
            do throws(StorageError) {
                let status = try folder.status(of: entry.path, in: self)
                guard Self.isSettled(status, now: now),
                    try folder.isAsListed(entry, status, in: self),
                    try hasOnlyHoles(entry)
                else { continue }
                let mark = EntryMark(status)
                if case .sameFile(let first) = entry.body {
                    guard let first = firsts[first], noted[first] == mark else { continue }
                }
                noted[index] = mark
                if case .file = entry.body, status.st_nlink > 1 { firsts[entry.path] = index }
            } catch { continue }
        }
        marks.withLock { $0 = noted }
    }

    /// Whether a file has only zeros where it was listed to have nothing: no rank reads that again.
    private func hasOnlyHoles(_ entry: TreeEntry) throws(StorageError) -> Bool {
        let gaps = entry.gaps
        guard !gaps.isEmpty else { return true }
        let root = try root(of: entry.path)
        let file = try root.open(entry.path, follows: follows)
        let buffer = PieceBuffer(byteCount: 1 << 20)
        for gap in gaps {
            guard try file.file.isZero(gap, buffer, path: root.fullPath(of: entry.path)) else {
                return false
            }
        }
        return true
    }
}
