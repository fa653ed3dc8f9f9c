package import Vocabulary

/// The description of a content, in any of the formats that are read.
package enum Metainfo: Equatable, Sendable {
    case torrent(Torrent)
    case seed(SeedFile)
    case manifest(Manifest)

    /// Recognises the format by the first bytes: the magic of a manifest, or a dictionary with a
    /// key. Any other text is a seed file. `pieceLength` is that of a seed file, which does not
    /// contain it.
    package init(parsing bytes: [UInt8], pieceLength: Int64? = nil) throws(MetainfoError) {
        if bytes.starts(with: "MSWM".utf8) {
            do throws(ManifestError) {
                self = .manifest(try unsafe Manifest(parsing: bytes.span.bytes))
            } catch { throw .manifest(error) }
        } else if Self.beginsDictionary(bytes) {
            do throws(TorrentError) { self = .torrent(try Torrent(parsing: bytes)) } catch {
                throw .torrent(error)
            }
        } else {
            do throws(SeedFileError) {
                self = .seed(try SeedFile(parsing: bytes, pieceLength: pieceLength))
            } catch { throw .seed(error) }
        }
    }

    private static func beginsDictionary(_ bytes: [UInt8]) -> Bool {
        guard bytes.first == UInt8(ascii: "d") else { return false }
        let digits = bytes.dropFirst().prefix {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        return !digits.isEmpty && bytes.dropFirst(1 + digits.count).first == UInt8(ascii: ":")
    }

    package var name: RelativePath {
        switch self {
        case .torrent(let torrent): torrent.info.name
        case .seed(let seed): seed.name
        case .manifest(let manifest): manifest.name
        }
    }

    package var isSingleFile: Bool {
        if case .torrent(let torrent) = self { torrent.info.isSingleFile } else { true }
    }

    package var total: Int64 {
        switch self {
        case .torrent(let torrent): torrent.info.total
        case .seed(let seed): seed.length
        case .manifest(let manifest): manifest.geometry.total.raw
        }
    }

    package var pieceLength: Int64 {
        switch self {
        case .torrent(let torrent): torrent.info.pieceLength
        case .seed(let seed): seed.pieceLength
        case .manifest(let manifest): manifest.geometry.pieceLength.raw
        }
    }

    package var pieceCount: Int {
        if case .manifest(let manifest) = self { return manifest.geometry.pieceCount }
        return plan?.pieceCount ?? 0
    }

    /// One for each stretch of the plan: a path below the folder, or the name of the only file.
    package var paths: [RelativePath] {
        if case .torrent(let torrent) = self { torrent.info.files.map(\.path) } else { [name] }
    }

    /// Nil where pieces carry no bytes.
    package var plan: HashPlan? {
        switch self {
        case .torrent(let torrent): torrent.plan
        case .seed(let seed): seed.plan
        case .manifest(let manifest): manifest.plan
        }
    }

    package func findings(in digests: ContentDigests) -> Findings {
        switch self {
        case .torrent(let torrent): torrent.findings(in: digests)
        case .seed(let seed): seed.findings(in: digests)
        case .manifest(let manifest): manifest.findings(in: digests)
        }
    }

    package func encoded() -> [UInt8] {
        switch self {
        case .torrent(let torrent): torrent.encoded()
        case .seed(let seed): seed.encoded()
        case .manifest(let manifest): manifest.encoded()
        }
    }
}

/// Why bytes are none of what they seem to be.
package enum MetainfoError: Error, Equatable, Sendable {
    case torrent(TorrentError)
    case seed(SeedFileError)
    case manifest(ManifestError)
}
