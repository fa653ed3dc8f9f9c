import Control
import Node
import Storage
import Swarm
import Vocabulary

/// What the threads of a rank of `serve` tell each other.
struct ServeLinks: Sendable {
    let up = Mailbox<UploaderNote>()
    let down = Mailbox<DownloaderNote>()
    let news = Mailbox<LiveNews>()
    let shareOrders = Mailbox<ShareOrder>()
    let shareNews = Mailbox<ShareNews>()
    let described = Mailbox<DescriptionNews>()
    /// The download thread has ended, and whether somebody heard its last report.
    let stop = Mailbox<Bool>()
    let book = ShareBook()
    let destinations = Destinations()
}

/// What a user says of the shared files.
enum ShareOrder: Sendable {
    case share(String, OrderTicket)
    case unshare(String, OrderTicket)
}

/// What a file that a user named describes.
struct DescriptionNews: Sendable {
    let ticket: OrderTicket
    let name: RelativePath
    let size: ByteCount
    /// What a manifest stands for.
    let content: ContentID
}

/// What came of it; nil when it is done.
struct ShareNews: Sendable {
    let ticket: OrderTicket
    let error: String?
}
