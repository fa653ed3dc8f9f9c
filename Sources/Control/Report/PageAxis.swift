/// A scale of time from 0 on, with ticks at round numbers.
struct PageAxis {
    let left: Double
    let width: Double
    /// Seconds at the right end.
    let end: Double

    init(left: Double, width: Double, seconds: Double) {
        self.left = left
        self.width = width
        end = max(seconds, 1e-6)
    }

    func x(_ seconds: Double) -> Double { left + width * min(max(seconds / end, 0), 1) }

    /// At most eight steps of 1, 2 or 5 times a power of ten.
    var ticks: [Double] {
        var step = 1e-6
        var factors = [2.0, 2.5, 2.0].makeIterator()
        while end / step > 8 {
            guard let factor = factors.next() else {
                factors = [2.0, 2.5, 2.0].makeIterator()
                continue
            }
            step *= factor
        }
        return (0...Int(end / step)).map { Double($0) * step }
    }

    /// Lines from top to bottom, with their times below.
    func lines(from top: Double, to bottom: Double) -> String {
        ticks.map { seconds in
            let x = PageText.decimal(x(seconds))
            return "<line class=\"grid\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(PageText.decimal(top))\" "
                + "y2=\"\(PageText.decimal(bottom))\"/>"
                + "<text class=\"tick\" x=\"\(x)\" y=\"\(PageText.decimal(bottom + 18))\" "
                + "text-anchor=\"middle\">\(PageText.decimal(seconds, 6)) s</text>\n"
        }.joined()
    }
}
