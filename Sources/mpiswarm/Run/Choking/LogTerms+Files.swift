import Content
import Control
import Storage

extension LogTerms {
    /// The terms in `Common.cfg` and `PeerInfo.cfg` of a folder, exactly as `run` reads them; nil
    /// if neither file exists, unless the user named the folder.
    init(strictlyIn folder: String, isAskedFor: Bool) throws(ChokingError) {
        let isThere = RunDialect(of: folder, peerCount: 0) == .choking
        guard isAskedFor || isThere else {
            self.init()
            return
        }
        let input = try ChokingInput(below: folder)
        self.init(input.terms, input.roster)
    }

    /// The terms that can be read from these files if one or both are missing, or contain more than
    /// `run` accepts. `unused` are lines with unusable values.
    init(
        looselyIn folder: String, isAskedFor: Bool, unused: inout [String]
    ) throws(ChokingError) {
        let names: [String]
        do throws(StorageError) { names = try namesOfFiles(in: folder) } catch {
            throw .unreadable(folder, error)
        }
        let common = names.first { $0.lowercased() == "common.cfg" }.map { "\(folder)/\($0)" }
        let roster = names.first { $0.lowercased() == "peerinfo.cfg" }.map { "\(folder)/\($0)" }
        if isAskedFor, common == nil, roster == nil { throw .noConfig(folder) }
        let loose = LooseChokingTerms(
            common: try Self.bytes(common), roster: try Self.bytes(roster))
        for (path, lines) in [(common, loose.unusedTerms), (roster, loose.unusedPeers)] {
            guard let path else { continue }
            unused += lines.map { line in
                let text = String(decoding: line.text, as: UTF8.self)
                return "\(path):\(line.line): not understood: '\(text)'"
            }
        }
        self.init(loose)
    }

    private init(_ loose: LooseChokingTerms) {
        // A list in which no peer has the file does not say which peers had it.
        let saysSeeds = loose.peers?.contains { $0.hasFile == true } ?? false
        self.init(
            preferredMax: loose.preferredMax, pieceCount: loose.pieceCount,
            peers: loose.peers?.map { ($0.id, saysSeeds ? $0.hasFile : nil) })
    }

    /// A list of a million peers has some 40 MB.
    private static let byteCountMax = 1 << 26

    private static func bytes(_ path: String?) throws(ChokingError) -> [UInt8]? {
        guard let path else { return nil }
        do throws(StorageError) {
            return try readWhole(path: path, byteCountMax: byteCountMax)
        } catch { throw .unreadable(path, error) }
    }
}
