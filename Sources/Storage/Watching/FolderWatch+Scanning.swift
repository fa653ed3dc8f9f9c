import Glibc
import Vocabulary

/// Which folders there are, and what lies in them.
extension FolderWatch {
    static var folderFlags: Int32 { O_RDONLY | O_DIRECTORY | O_NOFOLLOW }

    /// Scans everything again: reported files may be gone, and new folders may be unwatched.
    mutating func scanAll(now: Tick) {
        scanAt = .never
        scanCount += 1
        // A changed file may still be changing.
        for path in told.keys { due[path] = signature(of: path) == nil ? now : now + quiet }
        let former = folders.keys
        folders = [:]
        numbers = [:]
        scan("", dueAt: now + quiet)
        for number in former where folders[number] == nil { queue.remove(number) }
    }

    /// Watches a folder and those in it, and checks their files. A folder that is gone, or may not
    /// be read, has no files.
    mutating func scan(_ top: String, dueAt: Tick) {
        var open = [top]
        while let folder = open.popLast() {
            // The last component of a path is not followed.
            let full = folder.isEmpty ? "\(root)/." : fullPath(folder)
            do throws(StorageError) {
                // The folder is watched before it is listed: a file that comes in between is seen
                // twice instead of never.
                if let number = try queue.add(full) {
                    folders[number] = folder
                    numbers[folder] = number
                } else {
                    scanAt = min(scanAt, dueAt + Self.scanInterval)
                }
            } catch {
                close(folder, error)
                // No event reports that it is there again.
                if folder.isEmpty { scanAt = min(scanAt, dueAt + Self.scanInterval) }
                continue
            }
            list(folder, at: full, dueAt: dueAt, &open)
        }
    }

    private mutating func list(
        _ folder: String, at full: String, dueAt: Tick, _ folders: inout [String]
    ) {
        do throws(StorageError) {
            let listed = try OpenFile(opening: full, flags: Self.folderFlags)
            for name in try listed.names(path: full) {
                guard let path = path(of: name, in: folder) else { continue }
                let status = try listed.status(of: name, follows: false, path: full)
                switch status.st_mode & S_IFMT {
                case S_IFDIR: folders.append(path.description)
                case S_IFREG: due[path] = due[path] ?? (isFresh(status) ? dueAt + quiet : dueAt)
                default: continue
                }
            }
            if closed.remove(folder) != nil { news.append(.opened(folder)) }
        } catch {
            close(folder, error)
            // A file was removed during the check. The queue reports it, or the next scan does.
            scanAt = min(scanAt, dueAt + Self.scanInterval)
        }
    }

    private func isFresh(_ status: stat) -> Bool {
        let (seconds, isTooLong) = Int64(status.st_mtim.tv_sec)
            .multipliedReportingOverflow(by: 1_000_000_000)
        return !isTooLong && seconds + Int64(status.st_mtim.tv_nsec) >= quietSince
    }

    private mutating func close(_ folder: String, _ error: StorageError) {
        switch error {
        case .system(_, _, EACCES), .system(_, _, EPERM):
            closed.insert(folder)
            news.append(.closed(folder, error))
        default: break
        }
    }

    /// It was moved away or removed, with all that lay in it.
    mutating func forgetFolder(_ folder: String, now: Tick) {
        let below = folder + "/"
        for (path, number) in numbers where path == folder || path.hasPrefix(below) {
            queue.remove(number)
            folders[number] = nil
            numbers[path] = nil
        }
        for path in closed.sorted() where path == folder || path.hasPrefix(below) {
            closed.remove(path)
            news.append(.opened(path))
        }
        let start = Array(below.utf8)
        for path in told.keys where path.utf8.starts(with: start) { due[path] = now }
    }

    func fullPath(_ path: String) -> String { path.isEmpty ? root : "\(root)/\(path)" }

    /// Nil for a hidden entry, or one whose name cannot be sent to others.
    mutating func path(of name: [UInt8], in folder: String) -> RelativePath? {
        guard name.first != UInt8(ascii: ".") else { return nil }
        let full = folder.isEmpty ? name : Array(folder.utf8) + [UInt8(ascii: "/")] + name
        do throws(PathError) { return try RelativePath(utf8: full) } catch {
            let text = String(decoding: name, as: UTF8.self)
            let item = FolderNews.unfit(
                text, in: fullPath(folder), error, isThere: isThere(name, in: folder))
            if !news.contains(item) { news.append(item) }
            return nil
        }
    }

    private func isThere(_ name: [UInt8], in folder: String) -> Bool {
        let path = Array("\(fullPath(folder))/".utf8) + name + [0]
        return unsafe path.withUnsafeBytes { memory in
            var status = stat()
            guard let start = unsafe memory.bindMemory(to: CChar.self).baseAddress else {
                return false
            }
            return unsafe lstat(start, &status) == 0
        }
    }

    /// Nil where there is no such file.
    func signature(of path: RelativePath) -> Signature? {
        var status = stat()
        guard unsafe lstat(fullPath(path.description), &status) == 0,
            status.st_mode & S_IFMT == S_IFREG
        else { return nil }
        return Signature(
            number: UInt64(status.st_ino), length: Int64(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }
}
