import Node
import Swarm

/// A peer: its two nodes, and the mailboxes between them.
final class SimulatedPeer {
    var download: DownloadNode<SimulatedEndpoint, SimulatedStore>
    var upload: UploadNode<SimulatedEndpoint, SimulatedReader>
    let toUpload: Mailbox<UploaderNote>
    let toDownload: Mailbox<DownloaderNote>
    let toHeir: Mailbox<HeirNote>
    /// For the users of a standing job.
    let news: Mailbox<LiveNews>

    init(
        download: consuming DownloadNode<SimulatedEndpoint, SimulatedStore>,
        upload: consuming UploadNode<SimulatedEndpoint, SimulatedReader>,
        toUpload: Mailbox<UploaderNote>, toDownload: Mailbox<DownloaderNote>,
        toHeir: Mailbox<HeirNote>, news: Mailbox<LiveNews>
    ) {
        self.download = download
        self.upload = upload
        self.toUpload = toUpload
        self.toDownload = toDownload
        self.toHeir = toHeir
        self.news = news
    }
}
