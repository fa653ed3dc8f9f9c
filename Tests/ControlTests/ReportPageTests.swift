import Testing
import Vocabulary
import Wire

@testable import Control
@testable import Swarm

/// The page about a job.
@Suite struct ReportPageTests {
    /// Rank 1 has all and serves the others, who let one another ask.
    private func rows(_ count: Int, hasTurns: Bool = true) throws -> [PeerRow] {
        let file = try RelativePath("a<b>&\"c")
        return (1...count).map { number in
            var row = PeerRow(rank: Rank(Int32(number)), leaseEnd: .never)
            row.isListed = true
            row.stage = .closed
            guard number > 1 else { return row }
            row.wants = [file]
            row.totals.wanted = 1
            row.totals.delivered = 1
            row.totals.pieces = 300
            row.totals.size = ByteCount(3000)
            row.totals.needed = ByteCount(3000)
            row.links = [
                .link(WantNumber(0), source: Rank(1), pieces: 300, size: ByteCount(3000))
            ]
            row.chronicle = (1...300).map {
                .sample(
                    at: .milliseconds($0), pieces: UInt64($0), size: ByteCount(Int64($0) * 10))
            }
            if hasTurns {
                row.chronicle.append(
                    .turn(by: Rank(1), from: .milliseconds(5), to: .milliseconds(50)))
                row.chronicle.append(.turn(by: Rank(1), from: .milliseconds(70), to: nil))
                row.chronicle.append(.turn(by: Rank(77), from: .zero, to: nil))
            }
            return row
        }
    }

    private func page(
        _ rows: [PeerRow], title: String = "t", failures: [String] = [],
        names: [Rank: String] = [:]
    ) -> String {
        ReportPage(
            title: title, line: "all of it", failures: failures, peers: rows,
            names: RankNames(names)
        ).html
    }

    @Test func itNeedsNothingElse() throws {
        let html = page(try rows(5))
        for word in ["<script", "http:", "https:", "src=", "@import", "url(", "href="] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.hasPrefix("<!DOCTYPE html>"))
        #expect(html.contains("prefers-color-scheme: dark"))
        #expect(html.contains("Who unchoked whom"))
        #expect(html.contains("rank 1 to rank 2: 2.9 KiB"))
        #expect(html.contains("rank 1 to rank 2, 0.005 to 0.05 s"))
    }

    /// Every element that is opened is closed, in order.
    @Test func itsElementsAreNested() throws {
        for rows in [try rows(1), try rows(4), try rows(50)] {
            let html = page(rows, failures: ["x < y"])
            var open: [Substring] = []
            for part in html.split(separator: "<").dropFirst() {
                let tag = part.prefix { $0 != ">" }
                let name = tag.prefix { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "!" }
                if name.hasPrefix("/") {
                    #expect(open.popLast() == name.dropFirst())
                } else if !tag.hasSuffix("/"), !["!DOCTYPE", "meta"].contains(name) {
                    open.append(name)
                }
            }
            #expect(open.isEmpty)
        }
    }

    @Test func namesBecomeNoMarkup() throws {
        let name = "<img src=x>\u{202E}&'\""
        let html = page(
            try rows(3), title: name, failures: [name],
            names: [Rank(1): name, Rank(2): name])
        #expect(!html.contains("<img"))
        #expect(!html.contains("\u{202E}"))
        #expect(html.contains("&lt;img src=x&gt;?&amp;&#39;&quot;"))
    }

    @Test func whereNobodyChokesThereAreNoTurns() throws {
        let html = page(try rows(4, hasTurns: false))
        #expect(!html.contains("Who unchoked whom"))
        #expect(html.contains("<polyline"))
    }

    @Test func ofManyRanksItIsNoLongerThanABrowserLikes() throws {
        let html = page(try rows(2000, hasTurns: false))
        #expect(html.utf8.count < 2 << 20)
        let some = page(try rows(300))
        #expect(some.contains("267 rows are left out"))
        #expect(some.contains("of 300."))
    }

    @Test func nothingIsAPageToo() throws {
        let html = page([])
        #expect(html.contains("Nothing was fetched."))
        #expect(html.contains("Nobody gave anything."))
    }

    @Test(arguments: [
        (0.0, 2, "0"), (1.0, 0, "1"), (1.005, 2, "1"), (0.25, 1, "0.3"), (12.3456, 3, "12.346"),
        (-0.5, 1, "-0.5"), (0.000001, 6, "0.000001"), (100, 3, "100"),
    ])
    func decimalsAreShort(value: Double, places: Int, text: String) {
        #expect(PageText.decimal(value, places) == text)
    }

    @Test(arguments: [0.0, 1e-7, 0.0042, 0.3, 1, 7.99, 60, 3599, 1e7])
    func ticksAreFewAndRound(seconds: Double) {
        let axis = PageAxis(left: 0, width: 100, seconds: seconds)
        #expect((1...9).contains(axis.ticks.count))
        #expect(seconds < 1e-6 || axis.ticks.count >= 4)
        #expect(axis.ticks.allSatisfy { $0 <= axis.end * 1.000001 })
    }
}
