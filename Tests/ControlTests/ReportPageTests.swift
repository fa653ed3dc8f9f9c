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
            row.listing.isComplete = true
            row.stage = .closed
            guard number > 1 else { return row }
            row.listing.wants = [file]
            row.report.totals.wanted = 1
            row.report.totals.delivered = 1
            row.report.totals.pieces = 300
            row.report.totals.size = ByteCount(3000)
            row.report.totals.needed = ByteCount(3000)
            row.report.links = [
                .link(WantNumber(0), source: Rank(1), pieces: 300, size: ByteCount(3000))
            ]
            row.report.timeline = (1...300).map {
                .sample(
                    at: .milliseconds($0), pieces: UInt64($0), size: ByteCount(Int64($0) * 10))
            }
            if hasTurns {
                row.report.timeline.append(
                    .turn(by: Rank(1), from: .milliseconds(5), to: .milliseconds(50)))
                row.report.timeline.append(.turn(by: Rank(1), from: .milliseconds(70), to: nil))
                row.report.timeline.append(.turn(by: Rank(77), from: .zero, to: nil))
            }
            return row
        }
    }

    private func page(
        _ rows: [PeerRow], title: String = "t", failures: [String] = [],
        names: [Rank: String] = [:], capacity: Double? = nil
    ) -> String {
        ReportPage(
            title: title, line: "all of it", failures: failures, peers: rows,
            names: RankNames(names),
            origin: ReportOrigin(
                date: "2020-09-13 12:26:40 UTC", version: "9.8.7", command: "mpiswarm a '<b>'"),
            uploadCapacity: capacity
        ).html
    }

    @Test func aPageIsOneFileWithoutScripts() throws {
        let html = page(try rows(5))
        for word in ["<script", "http:", "https:", "src=", "@import", "url(", "href="] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.hasPrefix("<!DOCTYPE html>"))
        #expect(html.contains("prefers-color-scheme: dark"))
        #expect(html.contains("Unchoked peers"))
        #expect(html.contains("rank 1 to rank 2: 2.9 KiB"))
        #expect(html.contains("rank 1 to rank 2, 0.01 s to 0.05 s"))
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

    @Test func withoutChokingThereIsNoChartOfTurns() throws {
        let html = page(try rows(4, hasTurns: false))
        #expect(!html.contains("Unchoked peers"))
        #expect(html.contains("<polyline"))
    }

    @Test func ofManyRanksItIsNoLongerThanABrowserLikes() throws {
        let html = page(try rows(2000, hasTurns: false))
        #expect(html.utf8.count < 2 << 20)
        let some = page(try rows(300))
        #expect(some.contains("267 rows are left out"))
        #expect(some.contains("of 300."))
    }

    @Test func itSaysWhereItComesFrom() throws {
        let html = page(try rows(3))
        #expect(html.contains("2020-09-13 12:26:40 UTC, mpiswarm 9.8.7"))
        #expect(html.contains("<code>mpiswarm a &#39;&lt;b&gt;&#39;</code>"))
    }

    @Test func durationsAreCountedInOneWay() throws {
        let html = page(try rows(3))
        #expect(html.contains("<td>0.30 s</td>"))
        #expect(html.contains("100 % after 0.30 s"))
        for (value, text) in [
            (85.07, "85.07 s"), (86.154, "86.15 s"), (2, "2.00 s"), (0.5, "0.50 s"),
        ] {
            #expect(PageText.seconds(value) == text)
        }
    }

    /// Two peers get 10 bytes in each of 300 ms: 20,000 bytes a second.
    @Test func theThroughputIsThatOfAllRanks() throws {
        let figures = PageFigures(try rows(3), RankNames())
        let throughput = figures.throughput
        let sum = throughput.rates.reduce(0, +) * figures.end / Double(throughput.rates.count)
        #expect(abs(sum - 6000) < 1e-6)
        #expect(throughput.rates.allSatisfy { abs($0 - 20_000) < 1 })
        #expect(page(try rows(3)).contains("<h2>Throughput</h2>"))
        #expect(page(try rows(3)).contains("19.5 KiB/s</text>"))
    }

    @Test func aSilenceIsNoThroughput() {
        var row = PeerRow(rank: Rank(1), leaseEnd: .never)
        row.report.totals.size = ByteCount(80)
        row.report.timeline = [
            .sample(at: .seconds(4), pieces: 4, size: ByteCount(40)),
            .sample(at: .seconds(12), pieces: 4, size: ByteCount(40)),
            .sample(at: .seconds(16), pieces: 8, size: ByteCount(80)),
        ]
        let rates = PageFigures([row], RankNames()).throughput.rates
        #expect(rates.prefix(40).allSatisfy { abs($0 - 10) < 1e-9 })
        #expect(rates[41..<120].allSatisfy { $0 < 1e-6 })
        #expect(rates.suffix(40).allSatisfy { abs($0 - 10) < 1e-9 })
    }

    @Test func aKnownCapacityIsTheScale() throws {
        let html = page(try rows(3), capacity: 40_000)
        #expect(html.contains("<h2>Upload in use</h2>"))
        #expect(html.contains("39.1 KiB/s that they can send"))
        #expect(html.contains(">100 %</text>"))
        #expect(!page(try rows(3), capacity: 15_000).contains("133 %"), "a peak is no tick")
        #expect(page(try rows(3), capacity: .infinity).contains("<h2>Throughput</h2>"))
    }

    @Test func nothingIsAPageToo() throws {
        let html = page([])
        #expect(html.contains("Nothing was fetched."))
        #expect(html.contains("No rank sent anything to another one."))
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
