/// The amount that each rank sent to each other one: a row for each sender, a column for each
/// receiver, and a darker cell for a larger amount.
struct GivenTable {
    let figures: PageFigures

    /// The most senders and the most receivers of a readable table: those with the largest sums.
    static let sideMax = 40
    /// More columns leave no room for numbers.
    private static let numbersMax = 16

    private func top(_ sums: [Int64]) -> [Int] {
        let taking = sums.indices.filter { sums[$0] > 0 }
        guard taking.count > Self.sideMax else { return taking }
        return taking.sorted { sums[$0] > sums[$1] }.prefix(Self.sideMax).sorted()
    }

    private var givers: [Int] { top(figures.given.map { $0.reduce(0, +) }) }

    private var receivers: [Int] {
        top(figures.peers.indices.map { column in figures.given.reduce(0) { $0 + $1[column] } })
    }

    var html: String {
        let (givers, receivers) = (givers, receivers)
        guard !givers.isEmpty else {
            return "<p class=\"note\">No rank sent anything to another one.</p>\n"
        }
        let most = givers.map { giver in receivers.map { figures.given[giver][$0] }.max() ?? 0 }
        let darkest = max(1, most.max() ?? 1)
        var text = "<div class=\"scroll\"><table class=\"given\"><thead><tr><th>from \\ to</th>"
        for receiver in receivers { text += "<th>\(chip(receiver))</th>" }
        text += "<th class=\"sum\">all</th></tr></thead><tbody>\n"
        for giver in givers {
            text += "<tr><th>\(chip(giver))</th>"
            for receiver in receivers {
                text += cell(figures.given[giver][receiver], darkest, giver, receiver)
            }
            let sum = figures.given[giver].reduce(0, +)
            text += "<td class=\"sum\">\(figures.amount(sum))</td></tr>\n"
        }
        text += "<tr><th class=\"sum\">all</th>"
        for receiver in receivers {
            let sum = figures.given.reduce(0) { $0 + $1[receiver] }
            text += "<td class=\"sum\">\(figures.amount(sum))</td>"
        }
        let all = figures.given.reduce(0) { $0 + $1.reduce(0, +) }
        text += "<td class=\"sum\">\(figures.amount(all))</td></tr></tbody></table></div>\n"
        guard figures.peers.count > max(givers.count, receivers.count),
            max(givers.count, receivers.count) == Self.sideMax
        else { return text }
        return text + "<p class=\"note\">The ranks that sent or received most, of "
            + "\(figures.peers.count).</p>\n"
    }

    private func chip(_ peer: Int) -> String {
        "<span class=\"dot\" style=\"background:\(PageText.colour(peer))\"></span>"
            + PageText.escaped(figures.peers[peer].name)
    }

    private func cell(_ count: Int64, _ darkest: Int64, _ giver: Int, _ receiver: Int) -> String {
        guard count > 0 else { return "<td class=\"none\"></td>" }
        let share = PageText.decimal(0.08 + 0.72 * Double(count) / Double(darkest), 3)
        let words =
            "\(figures.peers[giver].name) to \(figures.peers[receiver].name): "
            + figures.amount(count)
        let shown = receivers.count > Self.numbersMax ? "" : figures.amount(count)
        return "<td style=\"--part:\(share)\" title=\"\(PageText.escaped(words))\">\(shown)</td>"
    }
}
