/// Text and numbers in the form that a page needs.
enum PageText {
    /// Names come from inputs and other ranks, and none of them may become markup.
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

    /// A duration, everywhere on a page: `85.07 s`, as in the line that the command prints.
    static func seconds(_ value: Double) -> String {
        let text = decimal(value, 2)
        let decimals = text.firstIndex(of: ".").map { text[$0...].count - 1 } ?? 0
        let zeros = String(repeating: "0", count: 2 - decimals)
        return text + (decimals == 0 ? "." : "") + zeros + " s"
    }

    /// With at most that number of decimals, and no zeros at the end.
    static func decimal(_ value: Double, _ places: Int = 1) -> String {
        var scale: Int64 = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = (value * Double(scale)).rounded()
        guard scaled.magnitude < 1e15 else { return "\(value)" }
        let (whole, part) = Int64(scaled.magnitude).quotientAndRemainder(dividingBy: scale)
        // The digit 1 in front keeps the leading zeros of the decimals.
        var decimals = String(scale + part).dropFirst()
        while decimals.last == "0" { decimals.removeLast() }
        let sign = scaled < 0 ? "-" : ""
        return "\(sign)\(whole)" + (decimals.isEmpty ? "" : "." + decimals)
    }

    /// Steps of the golden angle around the colour wheel: neighbours in the list differ clearly,
    /// whatever the number of ranks.
    static func colour(_ number: Int) -> String {
        let hue = (Double(number) * 137.508 + 212).truncatingRemainder(dividingBy: 360)
        // At equal lightness blue looks darker, and green and yellow look lighter.
        let lightness = (225..<290).contains(hue) ? 64 : (45..<190).contains(hue) ? 44 : 54
        return "hsl(\(decimal(hue, 0)) 66% \(lightness + (number / 8 % 2) * 8)%)"
    }
}
