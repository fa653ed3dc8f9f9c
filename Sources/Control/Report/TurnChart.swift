/// A row for each peer, and in it a bar for each time that another peer unchoked it, in the colour
/// and on the lane of that other peer.
struct TurnChart {
    let figures: PageFigures
    let axis: PageAxis

    private static let lane = 6.0
    private static let gap = 10.0
    private static let top = 6.0
    /// A chart with more rows, or more lanes in a row, cannot be read.
    static let rowsMax = 32
    static let lanesMax = 32

    private var receivers: [Int] {
        Array(
            figures.peers.indices.filter { !figures.peers[$0].turns.isEmpty }.prefix(Self.rowsMax))
    }

    /// The number of rows that are left out.
    var hiddenCount: Int {
        figures.peers.count { !$0.turns.isEmpty } - receivers.count
    }

    var svg: String {
        var y = Self.top
        var text = ""
        for receiver in receivers {
            let (row, height) = row(receiver, at: y)
            text += row
            y += height + Self.gap
        }
        let size = "\(PageText.decimal(axis.left + axis.width + 24, 0)) "
        return "<svg viewBox=\"0 0 \(size)\(PageText.decimal(y + 28, 0))\" role=\"img\">\n"
            + axis.lines(from: 0, to: y) + text + "</svg>\n"
    }

    private func row(_ receiver: Int, at top: Double) -> (text: String, height: Double) {
        let peer = figures.peers[receiver]
        var lanes: [Int] = []
        for turn in peer.turns where !lanes.contains(turn.by) { lanes.append(turn.by) }
        lanes = Array(lanes.sorted().prefix(Self.lanesMax))
        let height = max(14, Double(lanes.count) * Self.lane)
        var text = "<rect class=\"band\" x=\"\(PageText.decimal(axis.left))\" "
        text += "y=\"\(PageText.decimal(top))\" width=\"\(PageText.decimal(axis.width))\" "
        text += "height=\"\(PageText.decimal(height))\"/>"
        text += "<text class=\"label\" x=\"\(PageText.decimal(axis.left - 8))\" "
        text += "y=\"\(PageText.decimal(top + height / 2))\" dy=\"4\" text-anchor=\"end\" "
        text += "fill=\"\(PageText.colour(receiver))\">\(PageText.escaped(peer.name))</text>\n"
        for turn in peer.turns {
            guard let lane = lanes.firstIndex(of: turn.by) else { continue }
            text += bar(turn, to: peer, at: top + Double(lane) * Self.lane)
        }
        return (text, height)
    }

    private func bar(
        _ turn: (by: Int, from: Double, to: Double), to peer: PageFigures.Peer, at y: Double
    ) -> String {
        let (start, end) = (axis.x(turn.from), axis.x(turn.to))
        let words =
            "\(figures.peers[turn.by].name) to \(peer.name), "
            + "\(PageText.seconds(turn.from)) to \(PageText.seconds(turn.to))"
        return "<rect x=\"\(PageText.decimal(start))\" y=\"\(PageText.decimal(y + 0.5))\" "
            + "width=\"\(PageText.decimal(max(1, end - start)))\" "
            + "height=\"\(PageText.decimal(Self.lane - 1))\" rx=\"1.5\" "
            + "fill=\"\(PageText.colour(turn.by))\">"
            + "<title>\(PageText.escaped(words))</title></rect>\n"
    }
}
