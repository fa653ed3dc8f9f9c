/// A text in the format OpenMetrics 1.0, for programs that collect the figures of jobs. All of its
/// values are gauges: they are about one job, and no later job continues them.
package struct OpenMetrics {
    private var lines: [String] = []

    package init() {}

    /// `unit` is the end of the name, as the format demands; it is empty for plain numbers.
    package mutating func add(
        _ name: String, unit: String = "", _ value: String, _ help: String
    ) {
        let full = unit.isEmpty ? name : "\(name)_\(unit)"
        lines.append("# TYPE \(full) gauge")
        if !unit.isEmpty { lines.append("# UNIT \(full) \(unit)") }
        lines.append("# HELP \(full) \(Self.escaped(help))")
        lines.append("\(full) \(value)")
    }

    /// A line whose labels are the information.
    package mutating func add(information name: String, _ labels: KeyValuePairs<String, String>) {
        let words = labels.map { "\($0)=\"\(Self.escaped($1))\"" }
        lines.append("# TYPE \(name) info")
        lines.append("\(name)_info{\(words.joined(separator: ","))} 1")
    }

    package var text: String { lines.map { $0 + "\n" }.joined() + "# EOF\n" }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
            .replacing("\"", with: "\\\"")
    }
}
