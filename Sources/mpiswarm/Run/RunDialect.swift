import Glibc
import Storage

/// Which of its two kinds of inputs a folder holds.
enum RunDialect {
    /// `in<p>.txt` for each peer.
    case classic
    /// `Common.cfg` and `PeerInfo.cfg`.
    case choking
    case both
    case neither

    init(of directory: String, peerCount: Int) {
        let isChoking =
            Self.isThere("\(directory)/Common.cfg") || Self.isThere("\(directory)/PeerInfo.cfg")
        let isClassic = (1...max(1, peerCount)).contains {
            Self.isThere("\(directory)/in\($0).txt")
        }
        self = isChoking ? (isClassic ? .both : .choking) : (isClassic ? .classic : .neither)
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The greatest `p` of the folder's files `in<p>.txt`; nil without any. A folder that cannot be
    /// listed has none: each peer reports that it cannot read its input.
    static func highestInput(in directory: String) -> Int? {
        do throws(StorageError) {
            return try namesOfFiles(in: directory).compactMap(inputNumber).max()
        } catch { return nil }
    }

    /// Only as a peer writes its own number: no peer reads `in01.txt`.
    private static func inputNumber(_ name: String) -> Int? {
        guard name.hasPrefix("in"), name.hasSuffix(".txt"),
            let number = Int(name.dropFirst(2).dropLast(4)), number > 0,
            name == "in\(number).txt"
        else { return nil }
        return number
    }

    /// Even a link that leads nowhere.
    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0
    }
}
