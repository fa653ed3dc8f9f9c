import Content
import Glibc

extension OpenFile {
    /// The owner first, since a change of it takes capabilities away, as it does set-id bits.
    borrowing func preserve(
        _ preserved: Preserved, path: String
    ) throws(StorageError) -> Preserved.Outcome {
        let raw = raw
        let attributes = FileAttributes(of: raw, path: path)
        var outcome = Preserved.Outcome()
        let status = try status(path: path)
        if status.st_uid != preserved.owner || status.st_gid != preserved.group {
            outcome.isOwned = try preserved.own(path: path) { fchown(raw, $0, $1) }
        }
        let found = try attributes.kept()
        guard found != preserved.attributes else { return outcome }
        // An access list may have come from the folder above.
        for old in found where !preserved.attributes.contains(where: { $0.name == old.name }) {
            if try !attributes.remove(old.name) { outcome.hasAttributes = false }
        }
        for attribute in preserved.attributes where !found.contains(attribute) {
            if try !attributes.set(attribute) { outcome.hasAttributes = false }
        }
        return outcome
    }

    /// The attributes that are kept, in the order of their names.
    borrowing func attributes(path: String) throws(StorageError) -> [Preserved.Attribute] {
        try FileAttributes(of: raw, path: path).kept()
    }
}
