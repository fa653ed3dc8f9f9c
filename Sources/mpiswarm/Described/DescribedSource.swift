import Content
import Storage

/// What this rank has of what a file describes: tested once, by whoever needs it first, which may
/// take as long as to read all of it.
final class DescribedSource: Sendable {
    private let description: String
    /// Where to look.
    let folder: String
    private let outcome = LazyValue<Result<HeldContent?, MetainfoCommandError>>()

    init(_ description: String, under folder: String) {
        self.description = description
        self.folder = folder
    }

    /// Nil where there is nothing to look in.
    func held() throws(MetainfoCommandError) -> HeldContent? {
        try outcome.value(test).get()
    }

    private func test() -> Result<HeldContent?, MetainfoCommandError> {
        do throws(MetainfoCommandError) {
            let (metainfo, _) = try readMetainfo(description, pieceSize: nil)
            guard let folder = try DescribedFolder(metainfo, folder) else { return .success(nil) }
            return .success(try HeldContent(folder))
        } catch { return .failure(error) }
    }
}
