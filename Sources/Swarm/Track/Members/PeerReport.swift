package import Vocabulary
package import Wire

/// The last report of a peer on its transfers. Invariant: the entries of all kinds together are
/// never more than one peer may report.
package struct PeerReport: Sendable {
    package internal(set) var totals = ReportTotals()
    package internal(set) var manifestTotals = ManifestTotals()
    /// What the threads of the peer did; nil if it does not report that.
    package var work: WorkTotals? { works.first }
    /// At most one: a tracker has many peers, most of which report none.
    private var works: [WorkTotals] = []
    package internal(set) var failures: [ReportEntry] = []
    package internal(set) var links: [ReportEntry] = []
    /// The differences that the peer found in its copy.
    package internal(set) var differences = DifferenceList()
    /// The course of the transfers, if the rules ask for it.
    package internal(set) var timeline: [ReportEntry] = []
    /// The outcomes of the peer's queries, if it only asks.
    package internal(set) var answers: [ReportEntry] = []

    /// The number of entries that the limit counts.
    private var count: Int {
        failures.count + links.count + answers.count + timeline.count + differences.named.count
    }

    /// Adds a page. A report is always complete, so its first page replaces the former report.
    /// Returns the number of entries beyond the limit.
    mutating func add(_ entries: [ReportEntry], page: UInt32, atMost most: Int) -> Int {
        if page == 0 {
            failures = []
            links = []
            answers = []
            timeline = []
            differences = DifferenceList()
        }
        var leftOver = 0
        for entry in entries {
            guard count < most else {
                leftOver += 1
                continue
            }
            switch entry {
            case .totals(let totals): self.totals = totals
            case .manifests(let totals): manifestTotals = totals
            case .work(let totals): works = [totals]
            case .differences(let kind, let count): differences.note(count, of: kind)
            case .difference(let difference):
                if !differences.note(named: difference) { leftOver += 1 }
            case .failure: failures.append(entry)
            case .link: links.append(entry)
            case .answer: answers.append(entry)
            case .sample, .turn: timeline.append(entry)
            }
        }
        return leftOver
    }

    /// The whole report in pages, for another tracker.
    var pages: Pages<ReportEntry> {
        var pages = Pages<ReportEntry>()
        pages.append(.totals(totals))
        pages.append(.manifests(manifestTotals))
        if let work { pages.append(.work(work)) }
        for kind in Difference.Kind.allCases where differences[kind] > 0 {
            pages.append(.differences(kind, count: differences[kind]))
        }
        for difference in differences.named { pages.append(.difference(difference)) }
        for entry in failures + links + answers + timeline { pages.append(entry) }
        pages.close()
        return pages
    }
}
