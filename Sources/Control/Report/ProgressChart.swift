/// A line for each peer that fetched: the share of what it needed that had arrived, over time.
struct ProgressChart {
    let figures: PageFigures
    let axis: PageAxis

    private static let height = 300.0
    private static let top = 12.0
    /// All lines together: a page about a thousand peers must still open at once in a browser.
    private static let pointsMax = 24_000

    var svg: String {
        let bottom = Self.top + Self.height
        let shares = [0, 25, 50, 75, 100].map { percent in
            let y = PageText.decimal(self.y(Double(percent) / 100))
            return "<line class=\"grid\" x1=\"\(PageText.decimal(axis.left))\" "
                + "x2=\"\(PageText.decimal(axis.left + axis.width))\" y1=\"\(y)\" y2=\"\(y)\"/>"
                + "<text class=\"tick\" x=\"\(PageText.decimal(axis.left - 8))\" y=\"\(y)\" "
                + "dy=\"4\" text-anchor=\"end\">\(percent) %</text>\n"
        }
        let size = "\(PageText.decimal(axis.left + axis.width + 24, 0)) "
        return "<svg viewBox=\"0 0 \(size)\(PageText.decimal(bottom + 28, 0))\" role=\"img\">\n"
            + axis.lines(from: Self.top, to: bottom) + shares.joined() + lines + "</svg>\n"
    }

    private func y(_ share: Double) -> Double { Self.top + Self.height * (1 - share) }

    private var lines: String {
        let drawn = figures.peers.count { !$0.progress.isEmpty }
        let pointsMax = max(8, Self.pointsMax / max(1, drawn))
        var text = ""
        for (number, peer) in figures.peers.enumerated() {
            guard let last = peer.progress.last else { continue }
            let colour = PageText.colour(number)
            let name = PageText.escaped(peer.name)
            let points = Self.thinned(peer.progress, to: pointsMax).map { place($0) }
            let start = place((peer.progress[0].at, 0))
            text += "<g><title>\(name): \(PageText.decimal(last.share * 100, 0)) % "
            text += "after \(PageText.seconds(last.at))</title>"
            text += "<polyline class=\"line\" stroke=\"\(colour)\" "
            text += "points=\"\(([start] + points).joined(separator: " "))\"/>"
            text += "<circle cx=\"\(PageText.decimal(axis.x(last.at)))\" "
            text += "cy=\"\(PageText.decimal(y(last.share)))\" r=\"3.5\" fill=\"\(colour)\"/></g>\n"
        }
        return text
    }

    private func place(_ point: (at: Double, share: Double)) -> String {
        "\(PageText.decimal(axis.x(point.at))),\(PageText.decimal(y(point.share)))"
    }

    private static func thinned<Point>(_ points: [Point], to most: Int) -> [Point] {
        guard points.count > most else { return points }
        let step = (points.count + most - 2) / (most - 1)
        return stride(from: 0, to: points.count - 1, by: step).map { points[$0] }
            + [points[points.count - 1]]
    }
}
