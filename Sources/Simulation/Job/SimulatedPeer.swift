import Node
import Swarm

/// A peer: its two nodes, and the mailboxes between them.
final class SimulatedPeer {
    var download: DownloadNode<SimulatedEndpoint, SimulatedStore>
    var upload: UploadNode<SimulatedEndpoint, SimulatedShelf>
    let toUpload: Mailbox<UploaderNote>
    let toDownload: Mailbox<DownloaderNote>

    init(
        download: consuming DownloadNode<SimulatedEndpoint, SimulatedStore>,
        upload: consuming UploadNode<SimulatedEndpoint, SimulatedShelf>,
        toUpload: Mailbox<UploaderNote>, toDownload: Mailbox<DownloaderNote>
    ) {
        self.download = download
        self.upload = upload
        self.toUpload = toUpload
        self.toDownload = toDownload
    }
}
