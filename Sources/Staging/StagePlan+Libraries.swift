import Content
import Vocabulary

/// The folders of libraries beside the copies, which the dynamic loader has to find.
extension StagePlan {
    /// In LD_LIBRARY_PATH these end a folder, or stand for another one (`ld.so(8)`).
    private static let separators = [":", ";"]
    private static let tokens = ["ORIGIN", "LIB", "PLATFORM"].flatMap { ["$\($0)", "${\($0)}"] }

    static func checkLibraries(
        _ wish: StageWish, _ terms: Terms, _ orders: [Rank: StageOrder],
        _ listings: [[TreeEntry]]
    ) throws(StageError) {
        guard let suffix = terms.librarySuffix else { return }
        let folders = Set(
            listings.flatMap { $0.lazy.filter { $0.body == .folder }.map(\.path.utf8) })
        let names = wish.names.filter { folders.contains($0.utf8 + Array(suffix.utf8)) }
        for rank in orders.keys.sorted() {
            guard let landing = orders[rank]?.landing else { continue }
            for name in names {
                let last = (landing.name ?? name).description + suffix
                guard last.utf8.count <= RelativePath.componentByteCountMax else {
                    throw .longName(rank, last)
                }
                let folder = landing.folder == "/" ? "" : landing.folder
                let path = "\(folder)/\(last)"
                if let text = (separators + tokens).first(where: { path.contains($0) }) {
                    throw .unsearchable(rank, path: path, text: text)
                }
            }
        }
    }
}
