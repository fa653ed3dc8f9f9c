/// Text from a file, a disk or another rank, in which everything that a terminal would obey is
/// escaped.
func harmless(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator:
            escaped(scalar)
        default: String(scalar)
        }
    }
    return scalars.joined()
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default:
        "\\u{" + String(scalar.value, radix: 16) + "}"
    }
}
