import Content
import Staging
import Storage
import Vocabulary

extension HeldContent {
    /// The pieces that are not good here and have parts in several files: some of these may be.
    var unjudged: [(piece: Int, parts: [HashPlan.Part])] {
        plan.sharedPieces.filter { findings.isBad[$0.piece] }
    }

    /// The bytes of those pieces on this rank. Bytes beyond a bound are not sent.
    func loose() throws(MetainfoCommandError) -> [LooseBytes] {
        let (unjudged, absent) = (unjudged, absent)
        guard !unjudged.isEmpty else { return [] }
        let tree = try openTree(root)
        var loose: [LooseBytes] = []
        var left = LooseBytes.byteCountMax
        for (piece, parts) in unjudged {
            for part in parts where !absent.contains(part.stretch) {
                let bytes: [UInt8]
                do throws(StorageError) {
                    bytes = try tree.open(places[part.stretch]).read(part.extent)
                } catch { continue }
                left -= bytes.count
                guard left >= 0 else { return loose }
                loose.append(LooseBytes(piece: piece, stretch: part.stretch, bytes: bytes))
            }
        }
        return loose
    }
}
