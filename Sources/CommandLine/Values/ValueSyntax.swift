import Vocabulary

/// The reading of one kind of value from a word of the command line, and its printing as a default.
/// Both directions are in one place, so that every default in the help can be typed as it is.
package struct ValueSyntax<Value: Sendable>: Sendable {
    let kind: ValueKind
    /// Nothing if the word is no such value.
    let read: @Sendable (String) -> Value?
    let show: @Sendable (Value) -> String
}

extension ValueSyntax<String> {
    package static var file: ValueSyntax { path(.file) }
    package static var folder: ValueSyntax { path(.folder) }
    package static var text: ValueSyntax { path(.text) }

    package static var jobName: ValueSyntax {
        ValueSyntax(
            kind: .jobName, read: { isJobName($0) ? $0 : nil }, show: { $0 })
    }

    /// A job's name becomes a part of a file name and is typed by users.
    private static func isJobName(_ text: String) -> Bool {
        let others = "-_."
        return (1...48).contains(text.utf8.count) && !text.hasPrefix(".")
            && text.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
                        || others.unicodeScalars.contains($0))
            }
    }

    static var commandName: ValueSyntax {
        ValueSyntax(kind: .command, read: { $0.isEmpty ? nil : $0 }, show: { $0 })
    }

    /// An empty path or text is refused: it nearly always comes from a shell variable that is not
    /// set.
    private static func path(_ kind: ValueKind) -> ValueSyntax {
        ValueSyntax(kind: kind, read: { $0.isEmpty ? nil : $0 }, show: { $0 })
    }
}

extension ValueSyntax<Size> {
    package static var size: ValueSyntax { size(within: Size(bytes: 0)...(.max)) }

    package static func size(within range: ClosedRange<Size>) -> ValueSyntax {
        ValueSyntax(
            kind: .size(range),
            read: { text in Size(text: text).flatMap { range.contains($0) ? $0 : nil } },
            show: { $0.description })
    }
}

extension ValueSyntax<CachePlace> {
    package static var cache: ValueSyntax {
        ValueSyntax(kind: .cache, read: { CachePlace(text: $0) }, show: { $0.description })
    }
}

extension ValueSyntax<Duration> {
    package static var duration: ValueSyntax {
        ValueSyntax(kind: .duration, read: { Duration(text: $0) }, show: { $0.shortText })
    }
}

extension ValueSyntax<Rate> {
    package static var rate: ValueSyntax {
        ValueSyntax(kind: .rate, read: { Rate(text: $0) }, show: { $0.description })
    }
}

extension ValueSyntax<SeedRange> {
    package static var seeds: ValueSyntax {
        ValueSyntax(kind: .seeds, read: { SeedRange(text: $0) }, show: { $0.description })
    }
}

extension ValueSyntax<RankList> {
    package static var ranks: ValueSyntax {
        ValueSyntax(kind: .ranks, read: { RankList(text: $0) }, show: { $0.description })
    }

    /// The order counts, and a rank may stand in it several times.
    package static var rankSequence: ValueSyntax {
        ValueSyntax(kind: .rankSequence, read: ranks.read, show: ranks.show)
    }
}

extension ValueSyntax<[String]> {
    /// Folders, written from the root.
    package static var folders: ValueSyntax {
        ValueSyntax(
            kind: .folders,
            read: { text in
                guard text.lowercased() != "none" else { return [] }
                let paths = text.split(separator: ",", omittingEmptySubsequences: false)
                return paths.allSatisfy { $0.hasPrefix("/") } ? paths.map(String.init) : nil
            },
            show: { $0.isEmpty ? "NONE" : $0.joined(separator: ",") })
    }

    /// Trackers that can replace one another. No URL of a tracker contains a comma.
    package static var tier: ValueSyntax {
        ValueSyntax(
            kind: .tier,
            read: { text in
                let urls = text.split(separator: ",", omittingEmptySubsequences: false)
                return urls.contains("") ? nil : urls.map(String.init)
            },
            show: { $0.joined(separator: ",") })
    }
}

extension ValueSyntax<FilterRule> {
    /// A pattern of paths, and what becomes of those that it matches.
    package static func rule(excludes: Bool) -> ValueSyntax {
        ValueSyntax(
            kind: .pattern,
            read: { text in
                GlobPattern(bytes: Array(text.utf8)).map { FilterRule(excludes: excludes, $0) }
            },
            show: { String(decoding: $0.pattern.bytes, as: UTF8.self) })
    }
}

extension ValueSyntax<Int> {
    package static func number(_ range: ClosedRange<Int>) -> ValueSyntax {
        ValueSyntax(
            kind: .number(range),
            read: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } },
            show: { "\($0)" })
    }
}

extension ValueSyntax where Value: CaseIterable & RawRepresentable<String> {
    /// A case of an enum, by its raw value.
    package static func choice(of type: Value.Type) -> ValueSyntax {
        ValueSyntax(
            kind: .choice(Value.allCases.map(\.rawValue)),
            read: { Value(rawValue: $0) },
            show: { $0.rawValue })
    }
}
