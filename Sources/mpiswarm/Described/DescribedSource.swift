import Content
import Storage

/// The described files that this rank has. The first caller tests them, which may take as long as
/// reading them all.
final class DescribedSource: Sendable {
    private let description: String
    /// The folder to look in.
    let folder: String
    private let outcome = LazyValue<Result<HeldContent?, MetainfoCommandError>>()

    init(_ description: String, under folder: String) {
        self.description = description
        self.folder = folder
    }

    /// Nil if there is no such folder.
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
