import Vocabulary

/// The throughput of the whole job over time. If the capacity of all uploads is known, the scale is
/// the part of it that is in use.
struct ThroughputChart {
    let throughput: Throughput
    let axis: PageAxis
    /// Bytes a second that all ranks together can send.
    let capacity: Double?
    let countsBytes: Bool

    private static let height = 160.0
    private static let top = 12.0

    private var bottom: Double { Self.top + Self.height }
    private var highest: Double { max(throughput.peak, capacity ?? 0, 1e-9) }

    private func y(_ rate: Double) -> Double { bottom - Self.height * rate / highest }

    var svg: String {
        let size = "\(PageText.decimal(axis.left + axis.width + 24, 0)) "
        return "<svg viewBox=\"0 0 \(size)\(PageText.decimal(bottom + 28, 0))\" role=\"img\">\n"
            + axis.lines(from: Self.top, to: bottom) + scale + area + "</svg>\n"
    }

    private var scale: String {
        // The samples of several ranks may add up to a little more than the capacity for a moment.
        [0, 0.25, 0.5, 0.75, 1].map { part in
            let rate = part * (capacity ?? highest)
            let y = PageText.decimal(y(rate))
            return "<line class=\"grid\" x1=\"\(PageText.decimal(axis.left))\" "
                + "x2=\"\(PageText.decimal(axis.left + axis.width))\" y1=\"\(y)\" y2=\"\(y)\"/>"
                + "<text class=\"tick\" x=\"\(PageText.decimal(axis.left - 8))\" y=\"\(y)\" "
                + "dy=\"4\" text-anchor=\"end\">\(words(rate))</text>\n"
        }.joined()
    }

    private func words(_ rate: Double) -> String {
        if let capacity { return "\(PageText.decimal(rate / capacity * 100, 0)) %" }
        return countsBytes
            ? ByteCount(Int64(rate)).words + "/s" : "\(PageText.decimal(rate)) pieces/s"
    }

    private var area: String {
        let step = axis.end / Double(max(1, throughput.rates.count))
        var points = [place(0, 0)]
        for (number, rate) in throughput.rates.enumerated() {
            points.append(place(Double(number) * step, rate))
            points.append(place(Double(number + 1) * step, rate))
        }
        points.append(place(axis.end, 0))
        return "<polygon class=\"area\" points=\"\(points.joined(separator: " "))\"/>\n"
    }

    private func place(_ seconds: Double, _ rate: Double) -> String {
        "\(PageText.decimal(axis.x(seconds))),\(PageText.decimal(y(rate)))"
    }
}
