import Vocabulary
import Wire

/// The account of what this rank does, and the voice in which it reports: to its tracker, and to
/// those who watch.
///
/// Invariant: an opener is listed once.
struct Journal: Sendable {
    /// The rank that tracks for this one, which changes when it is dead or silent and there are
    /// others.
    var tracker: Rank
    /// Of payload alone.
    var totals = ReportTotals()
    var manifestTotals = ManifestTotals()
    var branches = RareBranches()
    /// When something last came that brought us nearer the end.
    var fedAt = Tick.zero
    private var chronicle = Chronicle()
    /// What first went wrong with our own disk.
    private var trouble: String?
    /// The sources that let us ask when last heard of.
    private var openers: [Rank] = []
    /// Ranks that track only when no tracker of the job does.
    private let heirs: [Rank]
    /// The last report is out, or no tracker is there to read one.
    private(set) var isClosed = false
    private let tellsHappenings: Bool
    private let keepsChronicle: Bool

    private static let wordsMax = 2048

    init(_ rules: DownloaderRules, wanted: Int) {
        tracker = rules.tracker
        heirs = rules.spareHeirs
        tellsHappenings = rules.tellsHappenings
        keepsChronicle = rules.keepsChronicle
        totals.wanted = UInt32(wanted)
    }

    /// Clocks of several hosts agree on the admission alone. Only the first one counts.
    mutating func admitted(now: Tick) { chronicle.begin(now: now) }

    mutating func close() { isClosed = true }

    /// An heir that tracks knows nothing but what it hears.
    var isHeirTracking: Bool { heirs.contains(tracker) }

    // MARK: To the tracker

    func report(
        _ message: TrackerMessage, tail: Tail = .none,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        effects.append(.send(.tracker(message), tail, to: tracker))
    }

    /// It fails here alone, or is not quite what was wished, and everybody may read why.
    func announce(
        _ readiness: Readiness, _ words: String, _ effects: inout Effects<DownloaderEffect>
    ) {
        let tail = effects.tail { $0 += words.utf8.prefix(Self.wordsMax) }
        report(.prepared(readiness), tail: tail, &effects)
    }

    /// The tracker names a rank that cannot be believed, whichever rank finds it out first.
    func accuse(
        _ source: Rank, _ complaint: Complaint, _ effects: inout Effects<DownloaderEffect>
    ) {
        if !isClosed { report(.accused(source, complaint), &effects) }
    }

    /// What of the list of files is not what it was.
    func reportUpdate(
        _ pages: Pages<FileListEntry>, _ effects: inout Effects<DownloaderEffect>
    ) {
        var pages = pages
        pages.close()
        for (page, content) in pages.list.enumerated() {
            let message = TrackerMessage.fileListUpdate(
                page: UInt32(page), entries: content.entries,
                isLast: page == pages.list.count - 1)
            let tail = effects.tail { $0 += content.bytes }
            report(message, tail: tail, &effects)
        }
    }

    /// The whole list of files.
    func reportList(
        _ pages: Pages<FileListEntry>, _ effects: inout Effects<DownloaderEffect>
    ) {
        var pages = pages
        pages.close()
        for (page, content) in pages.list.enumerated() {
            let message = TrackerMessage.fileList(
                page: UInt32(page), entries: content.entries,
                isLast: page == pages.list.count - 1)
            let tail = effects.tail { $0.append(contentsOf: content.bytes) }
            report(message, tail: tail, &effects)
        }
    }

    /// The first is the one that counts, and every piece of a file may fail alike.
    mutating func troubled(_ words: String, _ effects: inout Effects<DownloaderEffect>) {
        guard trouble == nil else { return }
        trouble = words
        announce(.notReady, words, &effects)
    }

    /// Another tracker may not have heard of it.
    func repeatTrouble(_ effects: inout Effects<DownloaderEffect>) {
        if let trouble { announce(.notReady, trouble, &effects) }
    }

    /// The sums so far; the last report has the rest.
    func sendProgress(_ effects: inout Effects<DownloaderEffect>) {
        let entries: [ReportEntry] = [.totals(totals), .manifests(manifestTotals)]
        let tail = effects.tail { bytes in
            for entry in entries { entry.write(to: &bytes) }
        }
        let message = TrackerMessage.report(
            page: 0, entries: UInt32(entries.count), isLast: true, isFinal: false)
        report(message, tail: tail, &effects)
    }

    /// The sums, the entries of all transfers, and how it went on.
    func sendLastReport(
        _ transfers: [ReportEntry], _ effects: inout Effects<DownloaderEffect>
    ) {
        var pages = Pages<ReportEntry>()
        pages.append(.totals(totals))
        pages.append(.manifests(manifestTotals))
        for entry in transfers { pages.append(entry) }
        for entry in chronicle.entries { pages.append(entry) }
        pages.close()
        for (page, content) in pages.list.enumerated() {
            let message = TrackerMessage.report(
                page: UInt32(page), entries: content.entries,
                isLast: page == pages.list.count - 1, isFinal: true)
            let tail = effects.tail { $0.append(contentsOf: content.bytes) }
            report(message, tail: tail, &effects)
        }
    }

    // MARK: To those who watch

    func tell(_ happening: Happening, _ effects: inout Effects<DownloaderEffect>) {
        if tellsHappenings { effects.append(.happened(happening)) }
    }

    mutating func note(isOpen: Bool, by source: Rank, now: Tick) {
        if keepsChronicle { chronicle.note(isOpen: isOpen, by: source, now: now) }
    }

    mutating func note(
        _ stance: Stance, by source: Rank, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard tellsHappenings, (stance == .open) != openers.contains(source) else { return }
        if stance == .open {
            openers.append(source)
            tell(.unchoked(by: source), &effects)
        } else {
            openers.removeAll { $0 == source }
            tell(.choked(by: source), &effects)
        }
    }

    // MARK: Sums

    mutating func gotPiece(_ size: ByteCount, now: Tick) {
        totals.pieces += 1
        totals.size += size
        if keepsChronicle {
            chronicle.note(pieces: totals.pieces, size: totals.size, now: now)
        }
    }

    /// What was fetched to know of a payload is counted apart.
    mutating func gotManifestPiece(_ size: ByteCount) {
        manifestTotals.pieces += 1
        manifestTotals.size += size
    }

    func checkInvariants() {
        precondition(Set(openers).count == openers.count, "an opener is listed twice")
    }
}
