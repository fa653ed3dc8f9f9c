import Control
import Launch
import Node
import Storage
import Swarm
import Vocabulary

/// The mailboxes between the threads of a rank of `serve`.
struct ServeLinks: Sendable {
    let bells: PeerBells
    /// Of the thread that looks after the shared files.
    let sharingBell = ThreadBell()
    /// Of the thread that listens to users.
    let controlBell = ThreadBell()
    let up: Mailbox<UploaderNote>
    let down: Mailbox<DownloaderNote>
    let news: Mailbox<LiveNews>
    let shareOrders: Mailbox<ShareOrder>
    let shareNews: Mailbox<ShareNews>
    let described: Mailbox<DescriptionNews>
    /// The download thread has ended, and whether a tracker received its last report.
    let stop = Mailbox<Bool>()
    let book = ShareBook()
    let destinations = Destinations()

    init() {
        bells = PeerBells()
        up = Mailbox(ringing: bells.upload)
        down = Mailbox(ringing: bells.download)
        news = Mailbox(ringing: controlBell)
        shareOrders = Mailbox(ringing: sharingBell)
        shareNews = Mailbox(ringing: controlBell)
        described = Mailbox(ringing: controlBell)
    }

    /// Ends the other threads.
    func end(reported: Bool) {
        stop.put(reported)
        sharingBell.ring()
        controlBell.ring()
    }
}

/// An order of a user about the shared files.
enum ShareOrder: Sendable {
    case share(String, OrderTicket)
    case unshare(String, OrderTicket)
}

/// The contents of a description that a user named.
struct DescriptionNews: Sendable {
    let ticket: OrderTicket
    let name: RelativePath
    let size: ByteCount
    /// The content of a manifest.
    let content: ContentID
}

/// The error of an order; nil when it is done.
struct ShareNews: Sendable {
    let ticket: OrderTicket
    let error: String?
}
