import Control
import Testing

/// The text of `--metrics`, read by the grammar of OpenMetrics 1.0.
struct OpenMetricsTests {
    /// The samples by name; nil if the text does not keep the grammar.
    private func parsed(_ text: String) -> [String: Double]? {
        guard text.hasSuffix("\n# EOF\n") || text == "# EOF\n" else { return nil }
        var samples: [String: Double] = [:]
        var family = ""
        var type = ""
        var seen: Set<String> = []
        for line in text.dropLast("# EOF\n".count).split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
            if words[0] == "#" {
                guard words.count == 4 else { return nil }
                let (keyword, name, rest) = (words[1], String(words[2]), String(words[3]))
                switch keyword {
                case "TYPE":
                    guard ["gauge", "info"].contains(rest), seen.insert(name).inserted else {
                        return nil
                    }
                    (family, type) = (name, rest)
                case "UNIT": guard name == family, name.hasSuffix("_" + rest) else { return nil }
                case "HELP": guard name == family else { return nil }
                default: return nil
                }
                continue
            }
            guard let space = line.lastIndex(of: " "),
                let value = Double(line[line.index(after: space)...])
            else { return nil }
            let name = String(line[..<space].prefix { $0 != "{" })
            let labels = line[..<space].dropFirst(name.count)
            guard name == (type == "info" ? family + "_info" : family), areLabels(labels),
                name.wholeMatch(of: /[a-zA-Z_:][a-zA-Z0-9_:]*/) != nil
            else { return nil }
            samples[name] = value
        }
        return samples
    }

    private func areLabels(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        let label = #/[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*"/#
        guard text.hasPrefix("{"), text.hasSuffix("}") else { return false }
        var rest = text.dropFirst().dropLast()
        while let match = rest.prefixMatch(of: label) {
            rest = rest[match.range.upperBound...]
            if rest.isEmpty { return true }
            guard rest.popFirst() == "," else { return false }
        }
        return false
    }

    @Test func anEmptyTextIsOne() {
        #expect(OpenMetrics().text == "# EOF\n")
        #expect(parsed(OpenMetrics().text) == [:])
    }

    @Test func theTextKeepsTheGrammar() {
        var metrics = OpenMetrics()
        metrics.add(information: "build", ["version": "1 \"a\" \\ \n", "host": "n"])
        metrics.add("job_copies", "3", "Copies\nof \"all\".")
        metrics.add("job_read", unit: "bytes", "12.5", "Bytes.")
        #expect(parsed(metrics.text) == ["build_info": 1, "job_copies": 3, "job_read_bytes": 12.5])
        #expect(metrics.text.contains("version=\"1 \\\"a\\\" \\\\ \\n\""))
    }

    @Test(arguments: [
        "x 1\n", "# TYPE x gauge\nx 1\n", "# TYPE x gauge\nx one\n# EOF\n",
        "# TYPE x gauge\ny 1\n# EOF\n", "# TYPE x gauge\n# UNIT x bytes\nx 1\n# EOF\n",
        "# TYPE x gauge\nx{a=\"b} 1\n# EOF\n",
    ])
    func theParserRefusesOtherTexts(text: String) { #expect(parsed(text) == nil) }

    /// The document of a job of which one of three copies failed.
    @Test func aJobIsDescribed() {
        let job = StageMetrics(
            copyByteCount: 1000, fileCount: 2, copyCount: 3, completeCount: 2, movedByteCount: 1500,
            readByteCount: 1000, failureCount: 1, seconds: 0.25, endedAt: 1_800_000_000)
        let expected: [String: Double] = [
            "mpiswarm_info": 1, "mpiswarm_stage_copy_size_bytes": 1000, "mpiswarm_stage_files": 2,
            "mpiswarm_stage_copies": 3, "mpiswarm_stage_copies_complete": 2,
            "mpiswarm_stage_delivered_bytes": 2000, "mpiswarm_stage_moved_bytes": 1500,
            "mpiswarm_stage_read_bytes": 1000, "mpiswarm_stage_failures": 1,
            "mpiswarm_stage_duration_seconds": 0.25,
            "mpiswarm_stage_end_timestamp_seconds": 1_800_000_000,
        ]
        #expect(parsed(job.text(version: "1.0")) == expected)
    }
}
