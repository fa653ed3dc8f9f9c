import Glibc
package import Vocabulary

/// The files of a folder and of all folders in it, as they come, change and go.
///
/// A file is reported when no process writes to it any more: it was closed, or was not written to
/// for `quiet`. Its size and date show whether it has changed. Hidden files, links, pipes and the
/// like are not reported. Invariant: a file that is reported as gone was reported as found before.
package struct FolderWatch: ~Copyable {
    /// The state of a file when it was reported.
    struct Signature: Equatable {
        let number: UInt64
        let length: Int64
        let seconds: Int
        let nanoseconds: Int

        /// The signature of no file: any file counts as changed.
        static let doubtful = Signature(number: 0, length: -1, seconds: 0, nanoseconds: 0)
    }

    let root: String
    let quiet: Duration
    var queue: WatchQueue
    /// The folders, by the watch and by the path; the root's path is empty.
    var folders: [WatchQueue.Number: String] = [:]
    var numbers: [String: WatchQueue.Number] = [:]
    var told: [RelativePath: Signature] = [:]
    /// The files that have to be checked, with the times.
    var due: [RelativePath: Tick] = [:]
    var news: [FolderNews] = []
    /// Folders that may not be read.
    var closed: Set<String> = []
    /// A file that was written to after that time, in nanoseconds since 1970, may still be written
    /// to.
    var quietSince: Int64
    /// The number of full scans.
    package internal(set) var scanCount = 0
    /// The time at which all initial files are reported, unless they are being written to.
    package private(set) var lookEnd: Tick
    /// Some folder is not watched, or something was missed.
    var scanAt = Tick.never

    /// The longest time for which a change of an unwatchable folder stays unseen.
    static let scanInterval = Duration.seconds(10)

    /// The first step reports the files that are there, unless they were written to after
    /// `quietSince`. A link at `root` itself is followed, because the user chose it.
    package init(
        _ root: String, quiet: Duration = .seconds(1), quietSince: Int64 = .max, now: Tick
    ) throws(StorageError) {
        // A root that cannot be read is an error; what lies in it may come and go.
        let opened = try OpenFile(opening: root, flags: O_RDONLY | O_DIRECTORY)
        _ = try opened.names(path: root)
        let queue = try WatchQueue()
        self.root = root
        self.quiet = quiet
        self.quietSince = quietSince
        self.queue = queue
        lookEnd = .zero
        scan("", dueAt: now)
        lookEnd = due.values.max() ?? now
        // From now on events report writers.
        self.quietSince = .max
    }

    /// The changes since the last call, each file once.
    package mutating func step(now: Tick) throws(StorageError) -> [FolderNews] {
        while true {
            let events = try queue.next()
            if events.isEmpty { break }
            for event in events { note(event, now: now) }
        }
        if scanAt <= now { scanAll(now: now) }
        review(now: now)
        defer { news = [] }
        return news
    }

    /// A found file could not be read because it was changing: it is checked again later.
    package mutating func retry(_ path: RelativePath, now: Tick) {
        told[path] = .doubtful
        due[path] = now + quiet
    }

    /// A found file is of no use as it is: after any event it is reported again.
    package mutating func doubt(_ path: RelativePath) {
        if told[path] != nil { told[path] = .doubtful }
    }

    /// When there is something to do though nothing happens.
    package var alarm: Tick {
        var next = scanAt
        for tick in due.values { next = min(next, tick) }
        return next
    }

    package var fileCount: Int { told.count }

    private mutating func note(_ event: WatchQueue.Event, now: Tick) {
        if event.isOverflow || event.isOfFolderItself && folders[event.number] == "" {
            scanAt = now
        }
        guard let folder = folders[event.number], !event.name.isEmpty,
            let path = path(of: event.name, in: folder)
        else { return }
        if event.isFolder {
            if event.isDeparture { forgetFolder(path.description, now: now) }
            let isClosed = numbers[path.description] == nil || closed.contains(path.description)
            if event.isArrival || event.isOfAttributes && isClosed {
                scan(path.description, dueAt: now + quiet)
            }
            return
        }
        if event.isOfAttributes {
            // A change of attributes says nothing about writers.
            due[path] = due[path] ?? now + quiet
        } else {
            due[path] = event.isWritten || event.isDeparture ? now : now + quiet
        }
    }

    /// Checks the files that are due. A new or changed file is found; a reported file that is
    /// missing is gone.
    private mutating func review(now: Tick) {
        guard !due.isEmpty else { return }
        let paths = due.filter { $0.value <= now }.keys.sorted()
        for path in paths {
            due[path] = nil
            let signature = signature(of: path)
            guard signature != told[path] else { continue }
            told[path] = signature
            news.append(signature == nil ? .gone(path) : .found(path))
        }
    }
}
