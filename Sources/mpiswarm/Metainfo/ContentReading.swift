import Content
import Glibc
import Storage
import Vocabulary

/// Reads a tree from end to end, in parts, and digests it by a plan. Files that cannot be read are
/// skipped and reported.
struct ContentReading {
    /// The trouble with a stretch of the plan, apart from its bytes.
    struct Trouble {
        let stretch: Int
        let kind: Kind

        enum Kind {
            case unreadable(StorageError)
            case length(Int64)
        }
    }

    private(set) var troubles: [Trouble] = []
    /// The states of the files when they were opened, by stretch.
    private(set) var states: [Int: FileState] = [:]
    private let plan: HashPlan
    private let isWanted: () -> Bool
    private let progress: ReadingProgress
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)

    /// When `isWanted` turns false, the rest counts as unreadable.
    init(
        _ plan: HashPlan, whileWanted isWanted: @escaping () -> Bool = { true }
    ) throws(MetainfoCommandError) {
        if let algorithm = plan.lacking { throw .lacking(algorithm) }
        self.plan = plan
        self.isWanted = isWanted
        progress = ReadingProgress(total: plan.byteCount)
    }

    /// `paths` has one for each stretch; nil is the tree itself, or in a folder a missing file.
    mutating func digests(
        _ paths: [RelativePath?], in tree: borrowing SourceTree
    ) -> ContentDigests {
        var hasher = ContentHasher(plan)
        for (index, stretch) in plan.stretches.enumerated() {
            hasher.begin()
            if stretch.isPad {
                hasher.addZeros()
            } else {
                var left = stretch.length
                do throws(StorageError) {
                    try read(index, paths[index], in: tree, &left, into: &hasher)
                } catch {
                    troubles.append(Trouble(stretch: index, kind: .unreadable(error)))
                }
                hasher.skip(left)
                progress.advance(by: left)
            }
            hasher.end()
        }
        progress.erase()
        return hasher.finish()
    }

    /// Reads as many bytes as the plan wants; `left` is the number that is missing.
    private mutating func read(
        _ index: Int, _ path: RelativePath?, in tree: borrowing SourceTree, _ left: inout Int64,
        into hasher: inout ContentHasher
    ) throws(StorageError) {
        guard path != nil || !tree.isFolder else {
            throw .system(call: "open", path: tree.path, errno: ENOENT)
        }
        let wanted = left
        let file = try tree.open(path)
        states[index] = file.state
        while left > 0 {
            guard isWanted() else {
                throw .system(call: "read", path: tree.path, errno: ECANCELED)
            }
            let read = try file.read(into: &buffer)
            guard read > 0 else { break }
            let count = Int(min(Int64(read), left))
            unsafe hasher.add(buffer.span.bytes.extracting(0..<count))
            left -= Int64(count)
            progress.advance(by: Int64(count))
        }
        let found = left > 0 ? wanted - left : file.state.length
        if found != wanted { troubles.append(Trouble(stretch: index, kind: .length(found))) }
    }
}
