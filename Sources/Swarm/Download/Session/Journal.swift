import Vocabulary
import Wire

/// The account of this rank's transfers, and its reports to the tracker and to an observer.
///
/// Invariant: an opener is listed once.
struct Journal: Sendable {
    /// The rank that tracks for this one. Another one takes its place when it is dead or silent.
    var tracker: Rank
    /// The sums of files. Manifests are counted apart.
    var totals = ReportTotals()
    var manifestTotals = ManifestTotals()
    var work = WorkAccount()
    var differences = DifferenceList()
    var branches = RareBranches()
    /// The time at which a transfer last came nearer to its end.
    var fedAt = Tick.zero
    private var timeline = Timeline()
    /// The first failure of this rank's disk.
    private var trouble: String?
    /// The sources that have unchoked this rank, and not choked it since.
    private var openers: [Rank] = []
    /// Ranks that track only when no tracker of the job does.
    private let heirs: [Rank]
    /// Whether the last report was sent, or there is no tracker to read one.
    private(set) var isClosed = false
    private let tellsHappenings: Bool
    private let keepsTimeline: Bool

    private static let wordsMax = 2048

    init(_ rules: DownloaderRules, wanted: Int) {
        tracker = rules.tracker
        heirs = rules.spareHeirs
        tellsHappenings = rules.tellsHappenings
        keepsTimeline = rules.keepsTimeline
        totals.wanted = UInt32(wanted)
    }

    /// Notes the admission. Only the first one counts, because only on that moment do the clocks of
    /// several hosts agree.
    mutating func admitted(now: Tick) { timeline.begin(now: now) }

    mutating func close() { isClosed = true }

    /// Counts a piece that was here and is wrong as missing.
    mutating func needsAgain(_ piece: PieceIndex, of geometry: Geometry?) {
        guard let geometry else { return }
        totals.needed += ByteCount(Int64(geometry.size(of: piece)))
    }

    /// Whether an heir tracks, which knows only what ranks report to it.
    var isHeirTracking: Bool { heirs.contains(tracker) }

    // MARK: To the tracker

    func report(
        _ message: TrackerMessage, tail: Tail = .none,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        effects.append(.send(.tracker(message), tail, to: tracker))
    }

    /// Reports that this rank fails alone, or cannot do all that was asked, with the reason for the
    /// user.
    func announce(
        _ readiness: Readiness, _ words: String, _ effects: inout Effects<DownloaderEffect>
    ) {
        let tail = effects.tail { $0 += words.utf8.prefix(Self.wordsMax) }
        report(.prepared(readiness), tail: tail, &effects)
    }

    /// Reports a rank that sends wrong messages or pieces. The tracker warns of it once, whichever
    /// rank reports it first.
    func accuse(
        _ source: Rank, _ complaint: Complaint, _ effects: inout Effects<DownloaderEffect>
    ) {
        if !isClosed { report(.accused(source, complaint), &effects) }
    }

    /// Reports changes of the file list.
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

    /// Reports the whole file list.
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

    /// Reports a failure, but only the first: every piece of a file may fail in the same way.
    mutating func troubled(_ words: String, _ effects: inout Effects<DownloaderEffect>) {
        guard trouble == nil else { return }
        trouble = words
        announce(.notReady, words, &effects)
    }

    /// Repeats the reason for a tracker that may not have it.
    func repeatTrouble(_ effects: inout Effects<DownloaderEffect>) {
        if let trouble { announce(.notReady, trouble, &effects) }
    }

    /// Sends the sums so far; the last report has the rest.
    func sendProgress(_ effects: inout Effects<DownloaderEffect>) {
        let entries: [ReportEntry] = [.totals(totals), .manifests(manifestTotals)]
        let tail = effects.tail { bytes in
            for entry in entries { entry.write(to: &bytes) }
        }
        let message = TrackerMessage.report(
            page: 0, entries: UInt32(entries.count), isLast: true, isFinal: false)
        report(message, tail: tail, &effects)
    }

    /// Sends the sums, the entries of all transfers, and their course.
    func sendLastReport(
        _ transfers: [ReportEntry], countsWork: Bool, _ effects: inout Effects<DownloaderEffect>
    ) {
        var pages = Pages<ReportEntry>()
        pages.append(.totals(totals))
        pages.append(.manifests(manifestTotals))
        if countsWork { pages.append(.work(work.sum)) }
        for kind in Difference.Kind.allCases where differences[kind] > 0 {
            pages.append(.differences(kind, count: differences[kind]))
        }
        for difference in differences.named { pages.append(.difference(difference)) }
        for entry in transfers { pages.append(entry) }
        for entry in timeline.entries { pages.append(entry) }
        pages.close()
        for (page, content) in pages.list.enumerated() {
            let message = TrackerMessage.report(
                page: UInt32(page), entries: content.entries,
                isLast: page == pages.list.count - 1, isFinal: true)
            let tail = effects.tail { $0.append(contentsOf: content.bytes) }
            report(message, tail: tail, &effects)
        }
    }

    // MARK: To an observer

    func tell(_ happening: Happening, _ effects: inout Effects<DownloaderEffect>) {
        if tellsHappenings { effects.append(.happened(happening)) }
    }

    mutating func note(isOpen: Bool, by source: Rank, now: Tick) {
        if keepsTimeline { timeline.note(isOpen: isOpen, by: source, now: now) }
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
        if keepsTimeline {
            timeline.note(pieces: totals.pieces, size: totals.size, now: now)
        }
    }

    /// Notes the number of bytes that were read from sources so far, and how many of them were not
    /// read for the first time.
    mutating func note(read size: ByteCount, again: ByteCount) {
        totals.read = max(totals.read, size)
        work.own.readAgain = max(work.own.readAgain, again)
    }

    mutating func noteFailedPick() { work.own.failedPicks += 1 }

    /// Counts a fetched piece of a manifest, apart from those of files.
    mutating func gotManifestPiece(_ size: ByteCount) {
        manifestTotals.pieces += 1
        manifestTotals.size += size
    }

    func checkInvariants() {
        precondition(Set(openers).count == openers.count, "an opener is listed twice")
    }
}
