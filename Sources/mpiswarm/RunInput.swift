import CommandLine
import Content
import Storage
import Swarm
import Vocabulary
import Wire

/// What a peer of `run` starts with: its input, read and turned into a share and a store.
struct RunInput: ~Copyable {
    private(set) var share = Share()
    /// What its upload thread serves from the start.
    private(set) var served: [(content: ContentID, geometry: Geometry)] = []
    let store: LabelStore

    /// An input that will not do is a share that says so: the tracker hears of it, and ends the
    /// job with one line.
    init(_ options: RunOptions, peer: Int, shelf: MemoryShelf) {
        do throws(RunInputError) {
            let path = "\(options.directory)/in\(peer).txt"
            let input = try Self.parse(path)
            let publications = try Self.publish(input, path)
            store = try Self.store(
                options.outputFolder, peer, input.wanted, publications, shelf)
            share.wants = input.wanted
            for file in publications {
                share.owned.append(Share.Owned(file))
                served.append((file.content, file.geometry))
                if let nested = file.nested {
                    served.append((nested.content, nested.manifest.geometry))
                }
            }
        } catch {
            share.refusal = error.sentence
            store = Self.emptyStore(peer, shelf)
        }
    }

    private static func parse(_ path: String) throws(RunInputError) -> ClassicInput {
        let bytes: [UInt8]
        do { bytes = try readWhole(path: path) } catch { throw .unreadable(path, error) }
        do { return try ClassicInput(parsing: bytes) } catch { throw .malformed(path, error) }
    }

    private static func publish(
        _ input: ClassicInput, _ path: String
    ) throws(RunInputError) -> [Publication] {
        var publications: [Publication] = []
        for file in input.owned {
            guard case .labels(let labels) = file.body else {
                throw .bytesNotServed(path, file.name)
            }
            publications.append(Publication(Manifest(name: file.name, labels: labels)))
        }
        return publications
    }

    private static func store(
        _ output: String, _ peer: Int, _ wanted: [RelativePath], _ owned: [Publication],
        _ shelf: MemoryShelf
    ) throws(RunInputError) -> LabelStore {
        do {
            return try LabelStore(
                output: output, peer: peer, wanted: wanted, owned: owned, shelf: shelf)
        } catch { throw .unwritable(output, error) }
    }

    private static func emptyStore(_ peer: Int, _ shelf: MemoryShelf) -> LabelStore {
        do {
            return try LabelStore(output: "", peer: peer, wanted: [], owned: [], shelf: shelf)
        } catch { preconditionFailure("a store that wants nothing needs no folder") }
    }
}

extension Share.Owned {
    fileprivate init(_ file: Publication) {
        let manifest =
            file.nested.map { Descriptor(nested: $0.content, manifest: $0.encoded) }
            ?? Descriptor(inline: file.encoded)
        self.init(
            name: file.manifest.name, content: file.content, geometry: file.geometry,
            manifest: manifest)
    }
}
