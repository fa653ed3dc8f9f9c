import Content
import Glibc
import Storage

/// The logs of peers in a folder. `log_peer_<id>.log` is the name that they are asked to have;
/// `peer_<id>.log`, `log_peer_[<id>].log`, `log_peer_<id>.txt` and the like are found as well, and
/// where the folder itself has none, those in its sub-folders.
struct LogFiles {
    private(set) var paths: [PeerID: String] = [:]

    /// Folders below the one that is named, and how many of them are looked at.
    private static let depthMax = 3
    private static let foldersMax = 10_000

    init(in directory: String, isStrict: Bool) throws(ChokingError) {
        var folders = [directory]
        var visited = 0
        for depth in 0...Self.depthMax {
            var below: [String] = []
            for folder in folders {
                visited += 1
                guard visited <= Self.foldersMax else { throw .tooManyFolders(directory) }
                let names = try Self.names(in: folder)
                try add(names, in: folder, isStrict: isStrict)
                guard depth < Self.depthMax, !isStrict else { continue }
                below += names.map { "\(folder)/\($0)" }
            }
            if !paths.isEmpty || isStrict { break }
            folders = below.filter(Self.isFolder)
        }
        guard !paths.isEmpty else { throw .noLogs(directory) }
    }

    private mutating func add(
        _ names: [String], in folder: String, isStrict: Bool
    ) throws(ChokingError) {
        for name in names {
            guard let peer = Self.peer(ofLog: name, isStrict: isStrict) else { continue }
            let path = "\(folder)/\(name)"
            if let other = paths[peer] {
                // The right name is the right file, beside another one.
                if other == "\(folder)/log_peer_\(peer).log" { continue }
                guard name == "log_peer_\(peer).log", other.hasPrefix("\(folder)/") else {
                    throw .twoLogs(peer, other, path)
                }
            }
            paths[peer] = path
        }
    }

    private static func names(in folder: String) throws(ChokingError) -> [String] {
        do throws(StorageError) { return try namesOfFiles(in: folder) } catch {
            throw .unreadable(folder, error)
        }
    }

    /// Links are not followed: they may lead around in a circle.
    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Peers that have a log, in the order of a list and then of their numbers.
    func peers(listed: [PeerID]?) -> [PeerID] {
        let found = paths.keys.sorted()
        guard let listed else { return found }
        var known: Set<PeerID> = []
        let first = listed.filter { paths[$0] != nil && known.insert($0).inserted }
        return first + found.filter { !known.contains($0) }
    }

    static func peer(ofLog name: String, isStrict: Bool) -> PeerID? {
        if isStrict {
            let (start, end) = ("log_peer_", ".log")
            guard name.hasPrefix(start), name.hasSuffix(end) else { return nil }
            return PeerID(name.utf8.dropFirst(start.utf8.count).dropLast(end.utf8.count))
        }
        var rest = Substring(name.lowercased())
        let isText = rest.hasSuffix(".txt")
        guard isText || rest.hasSuffix(".log") else { return nil }
        rest = rest.dropLast(4)
        let isLog = rest.hasPrefix("log")
        if isLog { rest = rest.dropFirst(rest.hasPrefix("logs") ? 4 : 3) }
        rest = rest.drop(while: isSeparator)
        let isOfPeer = rest.hasPrefix("peer")
        if isOfPeer { rest = rest.dropFirst(4) }
        guard isLog || (isOfPeer && !isText) else { return nil }
        rest = rest.drop(while: isSeparator)
        if rest.hasPrefix("["), rest.hasSuffix("]") { rest = rest.dropFirst().dropLast() }
        return PeerID(rest.utf8)
    }

    private static func isSeparator(_ character: Character) -> Bool { "_-. ".contains(character) }
}
