package import Vocabulary

/// Any message, by its reader. The tail is not part of it: it stays in the buffer in which the
/// message came, or in the arena of the machine that sends it.
package enum Message: Equatable, Sendable {
    case tracker(TrackerMessage)
    case download(DownloadMessage)
    case upload(UploadMessage)
    case overlay(OverlayMessage)

    package var tag: Tag {
        switch self {
        case .tracker: .tracker
        case .download: .download
        case .upload: .upload
        case .overlay: .overlay
        }
    }

    package var head: Head {
        switch self {
        case .tracker(let message): message.head
        case .download(let message): message.head
        case .upload(let message): message.head
        case .overlay(let message): message.head
        }
    }

    package var takesTail: Bool {
        switch self {
        case .tracker(let message): message.takesTail
        case .download(let message): message.takesTail
        case .upload(let message): message.takesTail
        case .overlay(let message): message.takesTail
        }
    }

    package init(parsing bytes: RawSpan, tag: Tag) throws(WireError) {
        let head = try Head(parsing: bytes)
        self =
            switch tag {
            case .tracker: .tracker(try TrackerMessage(parsing: head))
            case .download: .download(try DownloadMessage(parsing: head))
            case .upload: .upload(try UploadMessage(parsing: head))
            case .overlay: .overlay(try OverlayMessage(parsing: head))
            }
    }
}
