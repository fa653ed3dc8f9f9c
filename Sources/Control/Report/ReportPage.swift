package import Swarm
import Vocabulary

/// A page about a job, for people: a whole HTML document without scripts or other files.
package struct ReportPage {
    private let title: String
    private let line: String
    private let failures: [String]
    private let figures: PageFigures
    private let origin: ReportOrigin
    private let uploadCapacity: Double?

    /// `line` is the result that the command prints. `uploadCapacity` is the number of bytes a
    /// second that all ranks together can send, where it is known.
    package init(
        title: String, line: String, failures: [String], peers: [PeerRow],
        names: RankNames = RankNames(), origin: ReportOrigin, uploadCapacity: Double? = nil
    ) {
        self.title = title
        self.line = line
        self.failures = failures
        figures = PageFigures(peers, names)
        self.origin = origin
        self.uploadCapacity = uploadCapacity
    }

    private static let left = 110.0
    private static let width = 866.0
    private static let failuresMax = 20
    private static let legendMax = 64

    package var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(PageText.escaped(title))</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        <header>
        <h1>\(PageText.escaped(title))</h1>
        <p class="verdict\(failures.isEmpty ? " good" : " bad")">\(PageText.escaped(line))</p>
        \(failureList)\(origin.html)</header>
        \(legend)\(progress)\(throughput)\(turns)<section>
        <h2>Sent between ranks</h2>
        <p class="note">A row for each sender, a column for each receiver.</p>
        \(GivenTable(figures: figures).html)</section>
        <section>
        <h2>Each rank</h2>
        \(table)</section>
        </body>
        </html>

        """
    }

    private var axis: PageAxis {
        PageAxis(left: Self.left, width: Self.width, seconds: figures.end)
    }

    private var failureList: String {
        guard !failures.isEmpty else { return "" }
        var items = failures.prefix(Self.failuresMax).map {
            "<li>\(PageText.escaped($0))</li>"
        }
        if failures.count > items.count {
            items.append("<li>and \(failures.count - items.count) more</li>")
        }
        return "<ul class=\"failures\">\(items.joined())</ul>\n"
    }

    private var legend: String {
        guard figures.peers.count <= Self.legendMax else { return "" }
        let names = figures.peers.enumerated().map { number, peer in
            "<span><span class=\"dot\" style=\"background:\(PageText.colour(number))\"></span>"
                + PageText.escaped(peer.name) + "</span>"
        }
        return "<p class=\"legend\">\(names.joined())</p>\n"
    }

    private var progress: String {
        guard figures.hasProgress else {
            return
                "<section><h2>Progress</h2><p class=\"note\">Nothing was fetched.</p></section>\n"
        }
        return "<section>\n<h2>Progress</h2>\n<p class=\"note\">The share of what it needed that "
            + "each rank had. Time counts from the moment when all ranks were ready.</p>\n"
            + ProgressChart(figures: figures, axis: axis).svg + "</section>\n"
    }

    private var throughput: String {
        let throughput = figures.throughput
        guard throughput.peak > 0 else { return "" }
        let chart = ThroughputChart(
            throughput: throughput, axis: axis,
            capacity: uploadCapacity.flatMap { $0.isFinite && figures.countsBytes ? $0 : nil },
            countsBytes: figures.countsBytes)
        let heading = chart.capacity == nil ? "Throughput" : "Upload in use"
        let note =
            chart.capacity.map {
                "The rate at which all ranks together received, as a part of the "
                    + "\(ByteCount(Int64($0)).words)/s that they can send."
            } ?? "The rate at which all ranks together received from one another."
        return "<section>\n<h2>\(heading)</h2>\n<p class=\"note\">\(note)</p>\n"
            + chart.svg + "</section>\n"
    }

    /// Empty if no peer chokes others.
    private var turns: String {
        guard figures.hasTurns else { return "" }
        let chart = TurnChart(figures: figures, axis: axis)
        let hidden = chart.hiddenCount
        return "<section>\n<h2>Unchoked peers</h2>\n<p class=\"note\">In the row of each peer, a "
            + "bar for each time that another peer unchoked it, in the colour of that peer."
            + (hidden > 0 ? " \(hidden) rows are left out." : "") + "</p>\n"
            + chart.svg + "</section>\n"
    }

    private var table: String {
        var text = "<div class=\"scroll\"><table class=\"ranks\"><thead><tr><th>rank</th>"
        text += "<th>received</th><th>pieces</th><th>sent</th><th>last piece</th><th></th>"
        text += "</tr></thead><tbody>\n"
        for (number, peer) in figures.peers.enumerated() {
            let sent = figures.given[number].reduce(0, +)
            let end = peer.progress.last.map { PageText.seconds($0.at) } ?? ""
            let state = peer.failure ?? (peer.wanted ? (peer.isComplete ? "complete" : "") : "")
            text += "<tr><th><span class=\"dot\" style=\"background:\(PageText.colour(number))\">"
            text += "</span>\(PageText.escaped(peer.name))</th>"
            text += "<td>\(peer.size > .zero ? peer.size.words : "")</td>"
            text += "<td>\(peer.pieces > 0 ? "\(peer.pieces)" : "")</td>"
            text += "<td>\(sent > 0 ? figures.amount(sent) : "")</td><td>\(end)</td>"
            text += "<td class=\"\(peer.failure == nil ? "state" : "state bad")\">"
            text += "\(PageText.escaped(state))</td></tr>\n"
        }
        return text + "</tbody></table></div>\n"
    }
}
