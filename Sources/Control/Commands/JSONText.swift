/// A text as a JSON string, with its quotes. Control sequences of a terminal are escaped, too.
package func jsonText(_ text: String) -> String {
    var escaped = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": escaped += "\\\""
        case "\\": escaped += "\\\\"
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }
    return escaped + "\""
}

/// A JSON list of values that are JSON already.
package func jsonList(_ values: [String]) -> String { "[\(values.joined(separator: ", "))]" }
