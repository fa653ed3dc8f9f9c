/// Text from elsewhere with nothing in it that a terminal would obey: it may have come from a file
/// or from another rank.
func harmless(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .unassigned: "?"
        default: String(scalar)
        }
    }
    return scalars.joined()
}
