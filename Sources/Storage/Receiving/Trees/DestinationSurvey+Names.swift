import Content
import Glibc

extension DestinationSurvey {
    /// Links a missing name again to a file that still has another name, so that the file need not
    /// be fetched again. If that fails, the file is fetched again, with its names. A dry run
    /// reports what would happen if the link were made.
    mutating func linkLone(in places: TreePlaces) throws(StorageError) {
        for entry in lone {
            guard case .sameFile(let path) = places.layout.entries[entry].body,
                let original = places.layout.entry(at: path),
                states[original].place == .absent,
                places.layout.parent(of: original).map({ states[$0].place == .right }) ?? true,
                try options.isDry ? !options.verifies : link(original, to: entry, in: places)
            else { continue }
            states[original].place = options.verifies ? .doubted : .right
            states[entry].place = .right
        }
    }

    private func link(
        _ original: Int, to entry: Int, in places: TreePlaces
    ) throws(StorageError) -> Bool {
        var froms = FolderCursor(.final)
        var tos = FolderCursor(.final)
        let from = try froms.parent(of: entry, in: places)
        let to = try tos.parent(of: original, in: places)
        let name = places.layout.name(of: entry, on: .final)
        let newName = places.layout.name(of: original, on: .final)
        do throws(StorageError) {
            try posix("linkat", places.path(of: original, on: .final)) {
                unsafe linkat(from, name, to, newName, 0)
            }
            return true
        } catch .system(_, _, let code) where [EACCES, EPERM, EEXIST, EMLINK].contains(code) {
            return false
        }
    }
}
