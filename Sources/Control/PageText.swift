/// Text and numbers as a page has them.
enum PageText {
    /// Names come from inputs and from other ranks: none of them may become markup.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .surrogate, .unassigned: escaped += "?"
                default: escaped.unicodeScalars.append(scalar)
                }
            }
        }
        return escaped
    }

    /// With so many decimals, and no zeros at the end.
    static func decimal(_ value: Double, _ places: Int = 1) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard scaled.magnitude < 1e15 else { return "\(value)" }
        let number = Int64(scaled.magnitude)
        let digits = String(number % Int64(scale))
        var rest = String(repeating: "0", count: places - digits.count + (places == 0 ? 1 : 0))
        rest += places == 0 ? "" : digits
        if places == 0 { rest = "" }
        while rest.last == "0" { rest.removeLast() }
        let sign = scaled < 0 ? "-" : ""
        return sign + String(number / Int64(scale)) + (rest.isEmpty ? "" : "." + rest)
    }

    /// Neighbours in the list differ as much as may be, whatever their number: steps of the golden
    /// angle around the wheel.
    static func colour(_ number: Int) -> String {
        let hue = (Double(number) * 137.508 + 212).truncatingRemainder(dividingBy: 360)
        // Blue is darker than it says, and green and yellow are lighter.
        let lightness = (225..<290).contains(hue) ? 64 : (45..<190).contains(hue) ? 44 : 54
        return "hsl(\(decimal(hue, 0)) 66% \(lightness + (number / 8 % 2) * 8)%)"
    }
}
