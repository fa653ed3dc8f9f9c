import Content
import Storage
import Vocabulary

/// Finds described files under other names: candidates have the right length, and digests decide.
struct FileSearch: ~Copyable {
    private let metainfo: Metainfo
    private let plan: HashPlan
    private let proof: PieceProof
    private let tree: SourceTree
    private let candidates: [Int64: [RelativePath]]
    /// The candidates by digest, for each spot.
    private var samples: [Spot: [[UInt8]: [RelativePath]]] = [:]
    /// The bytes that may still be read: many files of one length could be read again and again.
    private var byteCountLeft: Int64

    /// A place in files of one length that is digested: a piece, and its offset in the file.
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
    /// The most candidates for one file that shares its pieces with others.
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
        // At most twice for a long content, and more often if that takes less than a minute.
        let whole = min(plan.byteCount, Self.byteCountMax)
        byteCountLeft = max(2 * whole, min(64 * whole, 64 << 30)) + Self.sampleByteCountMax
    }

    /// The same places, with better ones for missing or damaged files.
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
            // Pieces that are bad only where they continue in other files may be bad because of
            // those files.
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

    /// The candidate with the fewest bad pieces of its own, among those that are good in one of a
    /// few.
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
            // A single candidate is tested whatever its bytes at this spot.
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

    /// The candidates with the described bytes in one of their pieces.
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
        // If files begin at arbitrary offsets, few of them share a spot.
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

    /// The number of bad pieces that no other file has a part in. Nil if the file is not to be
    /// read.
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

    /// Files that share all of their pieces with others are identified only together with those. If
    /// nothing identifies a file, the first candidate of its length is taken: other ranks may know
    /// better.
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

    /// Whether the candidates for all parts fit in memory together.
    private func mayHold(_ parts: [HashPlan.Part], _ counts: [Int]) -> Bool {
        let byteCount = zip(parts, counts).reduce(plan.pieceLength) { sum, row in
            sum + (row.0.extent.end - row.0.extent.start) * Int64(row.1)
        }
        return byteCount <= Self.sampleByteCountMax
    }
}
