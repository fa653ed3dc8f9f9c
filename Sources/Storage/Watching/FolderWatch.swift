import Glibc
package import Vocabulary

/// The files of a folder and of all folders in it, as they come, change and go.
///
/// A file is told of when nobody writes to it any more: it was closed, or nothing was written for
/// `quiet`. Its size and date are what tells whether it has changed. Hidden files, links, pipes and
/// the like are not told of. Invariant: what is gone was found before.
package struct FolderWatch: ~Copyable {
    /// A file as it was told of.
    struct Signature: Equatable {
        let number: UInt64
        let length: Int64
        let seconds: Int
        let nanoseconds: Int

        /// That of no file: whatever is there is told of.
        static let doubtful = Signature(number: 0, length: -1, seconds: 0, nanoseconds: 0)
    }

    let root: String
    let quiet: Duration
    var queue: WatchQueue
    /// The folders, by the watch and by the path; the root's path is empty.
    var folders: [WatchQueue.Number: String] = [:]
    var numbers: [String: WatchQueue.Number] = [:]
    var told: [RelativePath: Signature] = [:]
    /// What has to be looked at, and when.
    var due: [RelativePath: Tick] = [:]
    var news: [FolderNews] = []
    /// Folders that may not be read.
    var closed: Set<String> = []
    /// What was written to after that, in nanoseconds since 1970, may still be written to.
    var quietSince: Int64
    /// How often everything was looked at anew.
    package internal(set) var scanCount = 0
    /// When all that lay here at first is told of, unless somebody writes to it.
    package private(set) var lookEnd: Tick
    /// Some folder is not watched, or something was missed.
    var scanAt = Tick.never

    /// How long what cannot be watched stays unseen.
    static let scanInterval = Duration.seconds(10)

    /// What lies there is told of by the first step, unless it was written to after `quietSince`.
    /// A link as `root` itself is followed: whoever wrote it chose it.
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
        // From now on who writes is seen.
        self.quietSince = .max
    }

    /// What has happened since, each file once.
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

    /// What was found could not be read, because it was changing: it is looked at again later.
    package mutating func retry(_ path: RelativePath, now: Tick) {
        told[path] = .doubtful
        due[path] = now + quiet
    }

    /// What was found is of no use as it is: whatever happens to it, it is told of again.
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
            // It says nothing about who writes.
            due[path] = due[path] ?? now + quiet
        } else {
            due[path] = event.isWritten || event.isDeparture ? now : now + quiet
        }
    }

    /// Looks at what is due. What is new or changed is there; what was told of and is not there any
    /// more is gone.
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
