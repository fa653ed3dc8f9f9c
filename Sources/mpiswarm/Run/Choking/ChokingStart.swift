import CommandLine
import Content
import Launch
import Storage
import Swarm
import Vocabulary
import Wire

/// The state of a peer of a choking swarm at its start: its log, and the file, digested, or what it
/// wants.
struct ChokingStart: Sendable {
    enum Stock: Sendable {
        case file(ByteSource)
        case want(RelativePath, Geometry)
    }

    let log: LineLog
    let stock: Stock
    /// The folder for the fetched file.
    private let folder: String

    /// Reads the file from end to end.
    static func look(
        _ options: RunOptions, _ input: ChokingInput, _ peer: ChokingRoster.Peer
    ) -> Result<ChokingStart, RunInputError> {
        do throws(RunInputError) { return .success(try ChokingStart(options, input, peer)) } catch {
            return .failure(error)
        }
    }

    private init(
        _ options: RunOptions, _ input: ChokingInput, _ peer: ChokingRoster.Peer
    ) throws(RunInputError) {
        let name = input.terms.fileName
        let own = "\(options.directory)/peer_\(peer.id)"
        folder = "\(options.outputFolder)/peer_\(peer.id)"
        do throws(StorageError) {
            let geometry = input.terms.geometry
            if peer.hasFile {
                let folder = try InputFolder(path: own)
                stock = .file(try ByteSource(name, at: name, in: folder, cutAs: geometry))
            } else {
                try LabelStore.demandPlace("\(folder)/\(name)")
                stock = .want(name, geometry)
            }
        } catch { throw .unreadable("\(peer.hasFile ? own : folder)/\(name)", error) }
        do throws(StorageError) {
            log = try LineLog(folder: options.outputFolder, name: "log_peer_\(peer.id).log")
        } catch { throw .unwritable(options.outputFolder, error) }
    }

    func store(
        _ contents: PeerContents, bell: ThreadBell
    ) throws(RunInputError) -> LabelStore {
        do throws(StorageError) {
            switch stock {
            case .file(let source):
                contents.files.add(source)
                return try LabelStore(
                    contents, output: "", peer: 0, wanted: [], owned: [source.publication])
            case .want(let name, let geometry):
                return try LabelStore(
                    contents, output: folder, wanting: name, cutAs: geometry, bell: bell)
            }
        } catch { throw .unwritable(folder, error) }
    }

    var share: Share {
        var share = Share()
        switch stock {
        case .file(let source): share.owned = [Share.Owned(source.publication)]
        case .want(let name, _): share.wants = [name]
        }
        return share
    }

    /// The contents that are served from the start.
    var served: [(content: ContentID, geometry: Geometry)] {
        guard case .file(let source) = stock else { return [] }
        let own = source.publication
        return [(own.content, own.geometry)]
            + (own.nested.map { [($0.content, $0.manifest.geometry)] } ?? [])
    }
}
