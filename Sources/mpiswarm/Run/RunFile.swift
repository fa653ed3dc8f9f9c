import Content
import Storage
import Vocabulary

/// A file that a peer of `run` owns, as it makes it known.
enum RunFile: Sendable {
    case labels(Publication)
    case bytes(ByteSource)

    var publication: Publication {
        switch self {
        case .labels(let publication): publication
        case .bytes(let source): source.publication
        }
    }

    /// Files of bytes lie below `directory`, and are read from end to end.
    static func publish(
        _ owned: [OwnedFile], below directory: String
    ) -> Result<[RunFile], RunInputError> {
        var folder: InputFolder?
        var files: [RunFile] = []
        for file in owned {
            switch file.body {
            case .labels(let labels):
                files.append(.labels(Publication(Manifest(name: file.name, labels: labels))))
            case .bytes(let place):
                do throws(StorageError) {
                    let opened = if let folder { folder } else { try InputFolder(path: directory) }
                    folder = opened
                    files.append(.bytes(try ByteSource(file.name, at: place, in: opened)))
                } catch {
                    return .failure(.unreadable("\(directory)/\(place)", error))
                }
            }
        }
        return .success(files)
    }
}
