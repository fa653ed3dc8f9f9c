import CommandLine
import Content
import Storage
import Swarm
import Vocabulary
import Wire

/// The state of a peer of a choking swarm at its start: its log, and the file, digested, or the
/// remains of it.
struct ChokingStart: Sendable {
    enum Stock: Sendable {
        case file(ByteSource)
        case remnant(Remnant)
    }

    let log: LineLog
    let stock: Stock
    /// The folder for the fetched file.
    private let folder: String

    /// Reads what is there from end to end.
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
            stock =
                peer.hasFile
                ? .file(
                    try ByteSource(
                        name, at: name, in: InputFolder(path: own), cutAs: input.terms.geometry))
                : .remnant(try Remnant(of: name, input.terms.geometry, below: folder))
        } catch { throw .unreadable("\(peer.hasFile ? own : folder)/\(name)", error) }
        do throws(StorageError) {
            log = try LineLog(folder: options.outputFolder, name: "log_peer_\(peer.id).log")
        } catch { throw .unwritable(options.outputFolder, error) }
    }

    func store(_ memory: MemoryContents, _ files: FileContents) throws(RunInputError) -> LabelStore
    {
        do throws(StorageError) {
            switch stock {
            case .file(let source):
                files.add(source)
                return try LabelStore(
                    output: "", peer: 0, wanted: [], owned: [source.publication], memory: memory,
                    files: files)
            case .remnant(let remnant):
                return try LabelStore(
                    output: folder, remnant: remnant, memory: memory, files: files)
            }
        } catch { throw .unwritable(folder, error) }
    }

    var share: Share {
        var share = Share()
        switch stock {
        case .file(let source): share.owned = [Share.Owned(source.publication)]
        case .remnant(let remnant): share.wants = [remnant.name]
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
