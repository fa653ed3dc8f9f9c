/// Modules whose behaviour depends on their arguments alone: time is a value that comes in.
let coreModules: Set<String> = ["Vocabulary", "Wire", "Swarm", "Content", "Node"]

/// Checks a file in `Sources` for words and calls that the house does without.
func callFindings(_ file: SourceFile) -> [Finding] {
    guard file.isSource else { return [] }
    return wordFindings(file) + markerFindings(file) + chanceFindings(file) + clockFindings(file)
        + printFindings(file)
}

/// The lines of a job of `stage` go to its log too. Progress does not, nor does a document.
private func printFindings(_ file: SourceFile) -> [Finding] {
    guard file.path.contains("Sources/mpiswarm/Stage/"),
        !["StageProgress.swift", "StageOutputs.swift"].contains(file.name)
    else { return [] }
    return file.code.enumerated()
        .filter { !mentions(of: "say(", in: $0.element).isEmpty }
        .map { file.finding($0.offset, "`say`: a line about the job goes through JobLog") }
}

private func wordFindings(_ file: SourceFile) -> [Finding] {
    let forbidden = [
        "try!": "an error is handled or passed on", "try?": "an error is handled or passed on",
        "public": "access between modules is `package`",
    ]
    return file.code.enumerated().flatMap { index, line in
        forbidden.sorted { $0.key < $1.key }
            .filter { !mentions(of: $0.key, in: line).isEmpty }
            .map { file.finding(index, "`\($0.key)`: \($0.value)") }
    }
}

/// Markers stand in comments, so these look at the whole line.
private func markerFindings(_ file: SourceFile) -> [Finding] {
    file.lines.enumerated().flatMap { index, line in
        ["TODO", "FIXME", "XXX"]
            .filter { !mentions(of: $0, in: line).isEmpty }
            .map { file.finding(index, "\($0): do it or leave it") }
    }
}

/// Chance comes from a generator that is handed in: a call that takes one must name it.
private func chanceFindings(_ file: SourceFile) -> [Finding] {
    let calls = [
        ".random(in:", ".random()", ".shuffled(", ".shuffle(", ".randomElement(",
    ]
    var findings: [Finding] = []
    for (index, line) in file.code.enumerated() {
        if !mentions(of: "SystemRandomNumberGenerator", in: line).isEmpty {
            findings.append(file.finding(index, "system randomness"))
        }
        for call in calls {
            for range in line.ranges(of: call) {
                let rest = ([String(line[range.lowerBound...])] + file.code[(index + 1)...])
                    .prefix(20).joined(separator: "\n")
                if !firstArgumentList(of: rest).contains("using:") {
                    findings.append(file.finding(index, "`\(call)` without `using:`"))
                }
            }
        }
    }
    return findings
}

/// The text from the first opening parenthesis to the one that closes it.
func firstArgumentList(of text: String) -> Substring {
    guard let opening = text.firstIndex(of: "(") else { return "" }
    var depth = 0
    for index in text[opening...].indices {
        if text[index] == "(" { depth += 1 }
        if text[index] == ")" { depth -= 1 }
        if depth == 0 { return text[opening...index] }
    }
    return text[opening...]
}

private func clockFindings(_ file: SourceFile) -> [Finding] {
    guard let module = file.module, coreModules.contains(module) else { return [] }
    let clocks = [
        "ContinuousClock", "SuspendingClock", "clock_gettime", "gettimeofday", "Date(",
    ]
    return file.code.enumerated().flatMap { index, line in
        let named = clocks.filter { !mentions(of: $0, in: line).isEmpty }
        let asked = readsTypeNow(line) ? [".now"] : []
        return (named + asked).map {
            file.finding(index, "`\($0)`: in \(module) time is an argument")
        }
    }
}

/// `.now` of a type, of a clock just made, or of an inferred type reads a clock; `self.now` and
/// `event.now` read a value that somebody handed in.
private func readsTypeNow(_ line: String) -> Bool {
    mentions(of: ".now", in: line).contains { range in
        let owner = line[..<range.lowerBound].reversed().prefix(while: isIdentifier).last
        return owner?.isLowercase != true
    }
}
