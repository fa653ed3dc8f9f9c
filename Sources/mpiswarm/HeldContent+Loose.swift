import Content
import Staging
import Storage
import Vocabulary

extension HeldContent {
    /// The pieces that are not good here and have parts in several files: some of these may be.
    static func unjudged(
        _ plan: HashPlan, _ findings: Findings
    ) -> [(piece: Int, parts: [HashPlan.Part])] {
        plan.sharedPieces.filter { findings.isBad[$0.piece] }
    }

    /// What is here of those pieces. Beyond a bound nobody is told of it, and it is of no use.
    mutating func loose() throws(MetainfoCommandError) -> [LooseBytes] {
        let (findings, troubles) = try findings()
        guard let plan = metainfo.plan else { return [] }
        let absent = Set(troubles.map(\.stretch))
        let tree = try openTree(root)
        var loose: [LooseBytes] = []
        var left = LooseBytes.byteCountMax
        for (piece, parts) in Self.unjudged(plan, findings) {
            for part in parts where !absent.contains(part.stretch) {
                let path = tree.isFolder ? metainfo.paths[part.stretch] : nil
                let bytes: [UInt8]
                do throws(StorageError) {
                    bytes = try tree.open(path).read(part.extent)
                } catch { continue }
                left -= bytes.count
                guard left >= 0 else { return loose }
                loose.append(LooseBytes(piece: piece, stretch: part.stretch, bytes: bytes))
            }
        }
        return loose
    }
}
