import Staging
import Vocabulary

extension StageError {
    /// The exit status: 2 for bad usage and input, 1 for files that no rank has or may read.
    var exitStatus: Int32 {
        switch self {
        case .incomplete, .unreadable, .busy: 1
        case .nowhere, .nothingOf, .rank, .disagreement, .sameName, .tooMuch, .badListing,
            .noReceiver, .noFolder, .empty, .missing, .longName, .unsearchable,
            .conflicts:
            2
        }
    }

    var sentence: String {
        switch self {
        case .nowhere(let source): "no rank that may read SOURCE has \(harmless(source))"
        case .nothingOf(let description):
            "no rank has any file of what \(harmless(description)) describes"
        case .rank(let rank, let words): "rank \(rank): \(harmless(words))"
        case .disagreement(let path, let one, let other):
            "\(harmless(path.description)) is not the same at rank \(one) and rank \(other)"
        case .sameName(let path): "two sources are called \(harmless(path.description))"
        case .tooMuch:
            "SOURCE is larger than 256 TiB, or has more than \(Geometry.pieceCountMax) pieces; "
                + "a larger --piece-size makes fewer"
        case .badListing(let rank): "rank \(rank) sent a list that makes no sense"
        case .incomplete(let path, let more):
            "no rank has \(harmless(path.description)) as it is described"
                + Self.others(more)
        case .unreadable(let rank, let found):
            "rank \(rank): \(harmless(found.names[0].description)): Permission denied"
                + (found.count == 1 ? "" : ", and \(found.count - 1) more")
                + "; --keep-going copies the rest"
        case .busy(let rank, let path):
            "rank \(rank): \(harmless(path)): another job stages there; "
                + "a longer --wait (and --timeout) waits for its end"
        case .missing(let found):
            "--files-from names \(harmless(found.names[0].description)), which is not in SOURCE"
                + (found.count == 1 ? "" : ", and \(found.count - 1) more")
                + "; --keep-going copies the rest"
        case .longName(let rank, let name):
            "rank \(rank): \(harmless(name)), the folder of the libraries, would have a name of "
                + "more than \(RelativePath.componentByteCountMax) bytes: choose a shorter DEST"
        case .unsearchable(let rank, let path, let text):
            "rank \(rank): \(harmless(path)): LD_LIBRARY_PATH cannot name a folder with '\(text)' "
                + "in its path: choose another DEST"
        case .conflicts(let conflicts):
            "files of two ranks would have one path: "
                + conflicts.named.map {
                    "\(harmless($0.path)) (ranks \($0.first) and \($0.second))"
                }.joined(separator: ", ")
                + (conflicts.more == 0 ? "" : " and \(conflicts.more) more")
                + "; nothing was copied: {host} or {rank} in DEST keeps them apart"
        case .noReceiver: "no rank is to have a copy"
        case .noFolder: "--delete needs a SOURCE that is a folder"
        case .empty(let source):
            "SOURCE \(harmless(source)) has no entries to copy: --delete would empty its copies"
        }
    }

    private static func others(_ count: Int) -> String {
        switch count {
        case 0: ""
        case 1: ", nor one other file"
        default: ", nor \(count) other files"
        }
    }
}
