import Content
import Control
import Storage

extension LogTerms {
    /// What `Common.cfg` and `PeerInfo.cfg` in a folder say, exactly as `run` wants them; nothing
    /// where neither is there, unless the folder was asked for.
    init(strictlyIn folder: String, isAskedFor: Bool) throws(ChokingRefusal) {
        let isThere = RunDialect(of: folder, peerCount: 0) == .choking
        guard isAskedFor || isThere else {
            self.init()
            return
        }
        let input = try ChokingInput(below: folder)
        self.init(input.terms, input.roster)
    }

    /// What can be made out of these files where one of them is missing, or both, or where they
    /// hold more than `run` would take. `unused` are lines whose values are of no use.
    init(
        looselyIn folder: String, isAskedFor: Bool, unused: inout [String]
    ) throws(ChokingRefusal) {
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
        // A list in which nobody has the file says nothing of who has it.
        let saysSeeds = loose.peers?.contains { $0.hasFile == true } ?? false
        self.init(
            preferredMax: loose.preferredMax, pieceCount: loose.pieceCount,
            peers: loose.peers?.map { ($0.id, saysSeeds ? $0.hasFile : nil) })
    }

    /// A list of a million peers has some 40 MB.
    private static let byteCountMax = 1 << 26

    private static func bytes(_ path: String?) throws(ChokingRefusal) -> [UInt8]? {
        guard let path else { return nil }
        do throws(StorageError) {
            return try readWhole(path: path, byteCountMax: byteCountMax)
        } catch { throw .unreadable(path, error) }
    }
}
