/// The number of entries that links lead to repeatedly. A few folders with a few links each can
/// form a tree of any size without a cycle: repeated entries are counted, and bounded.
///
/// A folder that two links lead to is listed twice, as the user asked.
struct LinkRepeats {
    /// A multiplying tree reaches this number soon, and long before the sum below: the walk goes
    /// down first.
    static let visitsMax = 4096
    /// A million entries more than the file system has take some 200 MiB.
    static let repeatedCountMax = 1 << 20
    /// A tree without links may be deeper: nothing in it comes again.
    static let depthMax = 256

    private let visitsMax: Int
    private let countMax: Int
    private let depthMax: Int
    private var visits: [FileIdentity: Int] = [:]
    private var repeated = 0

    init(
        visitsMax: Int = Self.visitsMax, countMax: Int = Self.repeatedCountMax,
        depthMax: Int = Self.depthMax
    ) {
        self.visitsMax = visitsMax
        self.countMax = countMax
        self.depthMax = depthMax
    }

    /// Enters a folder at that depth, with that number of direct entries.
    mutating func enter(
        _ folder: FileIdentity, holding count: Int, depth: Int, path: String
    ) throws(StorageError) {
        visits[folder, default: 0] += 1
        guard let visited = visits[folder], visited > 1 else { return }
        guard visited <= visitsMax else { throw .visited(path: path, countMax: visitsMax) }
        guard depth <= depthMax else { throw .tooDeep(path: path, depthMax: depthMax) }
        repeated += count
        guard repeated <= countMax else { throw .repeated(path: path, countMax: countMax) }
    }
}
