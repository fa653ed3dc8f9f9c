import Glibc

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

    /// Even a link that leads nowhere.
    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0
    }
}
