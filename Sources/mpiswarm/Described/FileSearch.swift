import Content
import Storage
import Vocabulary

/// Finds described files under other names: their lengths say which could be which, and digests
/// which are.
struct FileSearch: ~Copyable {
    private let metainfo: Metainfo
    private let plan: HashPlan
    private let proof: PieceProof
    private let tree: SourceTree
    private let candidates: [Int64: [RelativePath]]
    /// Which of the candidates have which digest at a spot.
    private var samples: [Spot: [[UInt8]: [RelativePath]]] = [:]
    /// What may still be read: many files of one length could be read over and over.
    private var byteCountLeft: Int64

    /// What of files of one length is digested, and where in its piece it begins.
    private struct Spot: Hashable {
        let length: Int64
        let extent: Extent
        let place: Int
    }

    /// Longer pieces are not held in memory.
    private static let sampleByteCountMax: Int64 = 64 << 20
    private static let samplesMax = 16
    private static let spotsMax = 64
    private static let byteCountMax: Int64 = 1 << 50
    /// Of one file that shares its pieces with others.
    private static let choicesMax = 16

    init?(_ folder: DescribedFolder) throws(MetainfoCommandError) {
        guard let proof = PieceProof(folder.metainfo) else { return nil }
        metainfo = folder.metainfo
        plan = folder.plan
        self.proof = proof
        tree = try openTree(folder.root)
        let lengths = Set(plan.stretches.filter { !$0.isPad && $0.length > 0 }.map(\.length))
        candidates = Dictionary(
            grouping: tree.search().filter { lengths.contains($0.length) }, by: \.length
        ).mapValues { $0.map(\.path) }
        // Twice at most where it is long, and over and over where that takes no minute.
        let whole = min(plan.byteCount, Self.byteCountMax)
        byteCountLeft = max(2 * whole, min(64 * whole, 64 << 30)) + Self.sampleByteCountMax
    }

    /// The same places, and better ones for what is not there, or is damaged.
    mutating func improved(
        _ places: [RelativePath?], _ findings: Findings
    ) throws(MetainfoCommandError) -> [RelativePath?] {
        var places = places
        let ranges = plan.pieceRanges
        let isGood = ranges.map { !findings.isBad[$0].contains(true) }
        var taken = Set(zip(places, isGood).compactMap { $1 ? $0 : nil })
        var shared: Set<Int> = []
        for (index, stretch) in plan.stretches.enumerated()
        where !stretch.isPad && stretch.length > 0 && !isGood[index] {
            let own = proof.pieces(of: index)
            guard !own.isEmpty else {
                shared.insert(index)
                continue
            }
            // What is bad only where it goes on in other files may be so because of these.
            let badCount = findings.isBad[own].reduce(0) { $0 + ($1 ? 1 : 0) }
            guard badCount > 0, let found = try best(index, below: badCount, but: taken) else {
                continue
            }
            places[index] = found
            taken.insert(found)
        }
        settle(shared, &places)
        return places
    }

    /// The one with the fewest bad pieces of its own, of those that are good in one of a few.
    private mutating func best(
        _ index: Int, below badCount: Int, but taken: Set<RelativePath>
    ) throws(MetainfoCommandError) -> RelativePath? {
        var best: RelativePath?
        var badMax = badCount - 1
        var judged: Set<RelativePath> = []
        let own = proof.pieces(of: index)
        let paths = candidates[plan.stretches[index].length] ?? []
        let step = max(1, own.count / Self.samplesMax)
        for piece in stride(from: own.lowerBound, to: own.upperBound, by: step) where best == nil {
            // An only one is looked at whatever it is at this spot.
            let alike = paths.count == 1 ? paths : alike(piece, of: index, but: taken)
            for path in alike where !taken.contains(path) && judged.insert(path).inserted {
                if own.count == 1, paths.count > 1 { return path }
                guard let found = try self.badCount(of: path, as: index), found <= badMax else {
                    continue
                }
                if found == 0 { return path }
                (best, badMax) = (path, found - 1)
            }
        }
        return best
    }

    /// The candidates that have what is described in one of their pieces.
    private mutating func alike(
        _ piece: Int, of index: Int, but taken: Set<RelativePath>
    ) -> [RelativePath] {
        guard let part = proof.part(piece, of: index) else { return [] }
        let expected = proof.expected(piece, of: index)
        let length = plan.stretches[index].length
        let spot = Spot(length: length, extent: part.extent, place: part.place)
        if let known = samples[spot] { return known[expected] ?? [] }
        var found: [[UInt8]: [RelativePath]] = [:]
        for path in candidates[length] ?? [] where !taken.contains(path) {
            guard let bytes = read(part.extent, of: path) else { continue }
            found[proof.digest(of: bytes, part, piece), default: []].append(path)
        }
        // Where files begin anywhere in pieces, few have a spot in common.
        if samples.count == Self.spotsMax, !plan.trees { samples.removeAll() }
        samples[spot] = found
        return found[expected] ?? []
    }

    private mutating func read(_ extent: Extent, of path: RelativePath) -> [UInt8]? {
        let count = extent.end - extent.start
        guard count <= Self.sampleByteCountMax, spend(count) else { return nil }
        do throws(StorageError) { return try tree.open(path).read(extent) } catch { return nil }
    }

    private mutating func spend(_ byteCount: Int64) -> Bool {
        guard byteCount <= byteCountLeft else { return false }
        byteCountLeft -= byteCount
        return true
    }

    /// Of the pieces that no other file has a part in. Nil where it is not to be read.
    private mutating func badCount(
        of path: RelativePath, as index: Int
    ) throws(MetainfoCommandError) -> Int? {
        guard spend(plan.stretches[index].length) else { return nil }
        var places = [RelativePath?](repeating: nil, count: plan.stretches.count)
        places[index] = path
        var reading = try ContentReading(plan)
        let findings = metainfo.findings(in: reading.digests(places, in: tree))
        guard reading.states[index]?.length == plan.stretches[index].length else { return nil }
        return findings.isBad[proof.pieces(of: index)].reduce(0) { $0 + ($1 ? 1 : 0) }
    }

    /// What shares all of its pieces with others is told apart only together with them. What
    /// nothing tells is taken for the first that is as long: other ranks may know better.
    private mutating func settle(_ shared: Set<Int>, _ places: inout [RelativePath?]) {
        guard !shared.isEmpty else { return }
        var choices: [Int: [RelativePath]] = [:]
        for index in shared {
            let named = places[index].map { [$0] } ?? []
            let alike = candidates[plan.stretches[index].length] ?? []
            let others = alike.prefix(Self.choicesMax).filter { $0 != places[index] }
            choices[index] = Array((named + others).prefix(Self.choicesMax))
        }
        for (piece, parts) in plan.sharedPieces
        where parts.contains(where: { (choices[$0.stretch]?.count ?? 0) > 1 }) {
            let paths = parts.map { part in
                choices[part.stretch] ?? (places[part.stretch].map { [$0] } ?? [])
            }
            guard mayHold(parts, paths.map(\.count)) else { continue }
            var kept: [[(path: RelativePath, bytes: [UInt8])]] = []
            for (part, paths) in zip(parts, paths) {
                var row: [(path: RelativePath, bytes: [UInt8])] = []
                for path in paths {
                    if let bytes = read(part.extent, of: path) { row.append((path, bytes)) }
                }
                kept.append(row)
            }
            let choice = PieceChoice(
                piece, of: plan, parts, among: kept.map { $0.map(\.bytes) })
            guard let good = choice?.good(by: metainfo) else { continue }
            for (part, (row, number)) in zip(parts, zip(kept, good))
            where choices[part.stretch] != nil { choices[part.stretch] = [row[number].path] }
        }
        for index in shared { places[index] = choices[index]?.first }
    }

    /// Whether so many candidates for each part fit in memory together.
    private func mayHold(_ parts: [HashPlan.Part], _ counts: [Int]) -> Bool {
        let byteCount = zip(parts, counts).reduce(plan.pieceLength) { sum, row in
            sum + (row.0.extent.end - row.0.extent.start) * Int64(row.1)
        }
        return byteCount <= Self.sampleByteCountMax
    }
}
