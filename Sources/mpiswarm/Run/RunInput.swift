import CommandLine
import Content
import Launch
import Storage
import Swarm
import Vocabulary
import Wire

/// The start of a peer of `run`: its input, read and turned into a share and a store.
struct RunInput: ~Copyable {
    private(set) var share = Share()
    /// The contents that its upload thread serves from the start.
    private(set) var served: [(content: ContentID, geometry: Geometry)] = []
    private(set) var store: LabelStore
    /// The files that are still to be published.
    let owned: [OwnedFile]
    private let contents: PeerContents

    /// An unusable input becomes a share that says so: the tracker gets it, and ends the job with
    /// one line.
    init(
        _ options: RunOptions, peer: Int, _ grouping: Grouping, _ contents: PeerContents,
        bell: ThreadBell
    ) {
        self.contents = contents
        do throws(RunInputError) {
            try Self.refuseSurplus(in: options.directory, grouping)
            let input = try Self.parse("\(options.directory)/in\(peer).txt")
            store = try Self.store(options.outputFolder, peer, input.wanted, contents, bell)
            share.wants = input.wanted
            owned = input.owned
        } catch {
            let isNeither = Self.isNeither(
                options.directory, peerCount: grouping.homes.count)
            share.refusal = isNeither ?? error.sentence
            store = LabelStore.empty(contents)
            owned = []
        }
    }

    /// Takes what came of publishing what is owned.
    mutating func add(_ published: Result<[RunFile], RunInputError>) {
        switch published {
        case .failure(let error): share.refusal = error.sentence
        case .success(let own):
            for file in own { add(file) }
        }
    }

    private mutating func add(_ file: RunFile) {
        if case .bytes(let source) = file { contents.files.add(source) }
        let publication = file.publication
        store.publish(publication)
        share.owned.append(Share.Owned(publication))
        served.append((publication.content, publication.geometry))
        if let nested = publication.nested {
            served.append((nested.content, nested.manifest.geometry))
        }
    }

    consuming func takeStore() -> LabelStore { store }

    /// An input without a peer would be left out, and the job a success all the same.
    private static func refuseSurplus(
        in directory: String, _ grouping: Grouping
    ) throws(RunInputError) {
        let peers = grouping.homes.count
        guard let last = RunDialect.highestInput(in: directory), last > peers else { return }
        throw .surplus(directory, input: last, peers: peers, trackers: grouping.trackerCount)
    }

    /// There is a folder, and nothing of what it should hold is in it.
    private static func isNeither(_ directory: String, peerCount: Int) -> String? {
        guard case .neither = RunDialect(of: directory, peerCount: peerCount),
            RunDialect.isFolder(directory)
        else { return nil }
        return "\(directory): holds neither in1.txt nor Common.cfg with PeerInfo.cfg"
    }

    private static func parse(_ path: String) throws(RunInputError) -> ClassicInput {
        let bytes: [UInt8]
        do { bytes = try readWhole(path: path) } catch { throw .unreadable(path, error) }
        do { return try ClassicInput(parsing: bytes) } catch { throw .malformed(path, error) }
    }

    private static func store(
        _ output: String, _ peer: Int, _ wanted: [RelativePath], _ contents: PeerContents,
        _ bell: ThreadBell
    ) throws(RunInputError) -> LabelStore {
        do {
            return try LabelStore(
                contents, output: output, peer: peer, wanted: wanted, bell: bell)
        } catch { throw .unwritable(output, error) }
    }
}

extension LabelStore {
    /// The input of a peer that wants nothing.
    static func empty(_ contents: PeerContents) -> LabelStore {
        do {
            return try LabelStore(contents, output: "", peer: 0, wanted: [])
        } catch { preconditionFailure("a store that wants nothing needs no folder") }
    }
}
