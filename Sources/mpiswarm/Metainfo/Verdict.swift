import Content
import Glibc
import Storage
import Vocabulary

/// The result of `verify`: a line for each bad file, and one for all.
struct Verdict {
    let plan: HashPlan
    let paths: [RelativePath]
    let findings: Findings
    let troubles: [ContentReading.Trouble]

    var isGood: Bool { troubles.isEmpty && findings.badCount == 0 && findings.wholeIsGood != false }

    var text: String {
        let bad = badFiles
        var lines = bad.map { "\(paths[$0.stretch]): \($0.words.joined(separator: "; "))" }
        if findings.wholeIsGood == false, findings.badCount == 0, troubles.isEmpty {
            lines.append("the pieces are good, and the digest of the whole is another")
        }
        if findings.wholeIsGood == true, findings.badCount > 0 {
            lines.append(
                "the digest of the whole is good: if its pieces are of another length, "
                    + "--piece-size says it")
        }
        let fileCount = plan.stretches.reduce(0) { $0 + ($1.isPad ? 0 : 1) }
        let pieces = Self.counted(findings.isBad.count, "piece")
        let files = Self.counted(fileCount, "file")
        lines.append(
            isGood
                ? "good: \(pieces), \(files)"
                : "bad: \(findings.badCount) of \(pieces), \(bad.count) of \(files)")
        return lines.joined(separator: "\n") + "\n"
    }

    private var badFiles: [(stretch: Int, words: [String])] {
        let ranges = plan.pieceRanges
        var rest = troubles[...]
        var files: [(stretch: Int, words: [String])] = []
        for (index, stretch) in plan.stretches.enumerated() where !stretch.isPad {
            var words: [String] = []
            while let trouble = rest.first, trouble.stretch == index {
                words.append(trouble.words(expecting: stretch.length))
                rest.removeFirst()
            }
            let bad = findings.badRanges(in: ranges[index])
            if !bad.isEmpty { words.append(Self.words(for: bad)) }
            if !words.isEmpty { files.append((index, words)) }
        }
        return files
    }

    /// `bad pieces 3, 7 to 9`. Pieces are counted from 0, as torrents count them.
    private static func words(for ranges: [ClosedRange<Int>]) -> String {
        let isOne = ranges.count == 1 && ranges[0].count == 1
        let list = ranges.map { range in
            range.count == 1
                ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        }
        return "bad piece\(isOne ? "" : "s") " + list.joined(separator: ", ")
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension ContentReading.Trouble {
    fileprivate func words(expecting length: Int64) -> String {
        switch kind {
        case .unreadable(.system(_, _, ENOENT)): "missing"
        case .unreadable(.system(_, _, ELOOP)): "a link, and links are not followed"
        case .unreadable(let error): "cannot be read: \(error.reason)"
        case .length(let found): "\(found) bytes long and not \(length)"
        }
    }
}
