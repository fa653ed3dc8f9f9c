import Control
import Storage
import Vocabulary

extension StorageError.ArchiveFlaw {
    var words: String {
        switch self {
        case .unknown:
            "it is not an archive that can be read: tar (also gz, xz, zst, bz2), zip or cpio"
        case .unreadable(let words, let entry):
            "it cannot be unpacked" + (entry.map { ": '\(harmless($0))'" } ?? "")
                + ": \(harmless(words))"
        case .badName(let name, let flaw): "it has a bad name, '\(harmless(name))': \(flaw.words)"
        case .nameless(let number): "the name of its entry \(number) cannot be read"
        case .misplaced(let name): "its entry '\(harmless(name))' lies in one that is not a folder"
        case .contradictory(let name):
            "its entry '\(harmless(name))' is there as a folder and as something different"
        case .badLink(let name, let target):
            "its entry '\(harmless(name))' is a link to '\(harmless(target))', which cannot be"
        case .encrypted(let name): "its entry '\(harmless(name))' is encrypted"
        case .impossible: "it has lengths that no file can have"
        case .tooManyEntries(let most): "it has more than \(most) entries"
        case .tooLarge(let place, let unpacked, let available):
            "it does not fit into \(harmless(place)): \(ByteCount(unpacked).words) are unpacked, "
                + "and \(ByteCount(available).words) are free beside a reserve of "
                + ByteCount(DiskRoom.reserve).words
        }
    }
}
