/// `mpiswarm make PATH`
package struct MakeOptions: CommandOptions {
    package enum Format: String, CaseIterable, Sendable {
        case seed
        case torrentV1 = "torrent-v1"
        case torrentV2 = "torrent-v2"
        case hybrid
        case manifest
    }

    package enum SeedDigest: String, CaseIterable, Sendable {
        case md5
        case sha256
    }

    package var path = ""
    /// Nil for what the ending of `output` says.
    package var format: Format?
    package var output: String?
    /// Whether a file that is there may be replaced.
    package var isForced = false
    package var pieceSize: Size?
    package var digest = SeedDigest.md5
    /// In tiers: those of one are asked in turn before those of the next.
    package var announce: [[String]] = []
    package var comment: String?
    package var creationDate: Int?
    package var isPrivate = false

    package init() {}

    package static let table = CommandTable<MakeOptions>(
        name: "make",
        summary: "Write a torrent, a seed file or a manifest of a file or folder.",
        example: "mpiswarm make --format hybrid dataset --output dataset.torrent",
        operands: [
            .one("PATH", .file, into: \.path, "the file or folder to describe")
        ],
        options: [
            .value(
                "format", "FORMAT", .choice(of: Format.self), into: \.format,
                default: "by --output, or hybrid",
                "Format to write; seed files and manifests describe one file."),
            .value(
                "output", "FILE", .file, into: \.output, default: "PATH's name, and the format's",
                "File to write: .torrent, .seed or .manifest; - is standard output."
            ).orShort("o"),
            .flag("force", into: \.isForced, "Replace FILE if it exists."),
            .value(
                "piece-size", "SIZE", .size, into: \.pieceSize,
                default: "512 in a seed file, otherwise by size", "Piece length."),
            .value(
                "digest", "DIGEST", .choice(of: SeedDigest.self), into: \.digest,
                "Use this digest in a seed file."),
            .values(
                "announce", "URL[,URL...]", .tier, into: \.announce, default: "none",
                "Name this tracker in a torrent, or several that stand for one another; "
                    + "written again, name more to be asked after them."),
            .value(
                "comment", "TEXT", .text, into: \.comment, default: "none",
                "Put this comment into a torrent."),
            .value(
                "creation-date", "SECONDS", .number(0...Int.max), into: \.creationDate,
                default: "none", "Put this date into a torrent, in seconds since 1970."),
            .flag("private", into: \.isPrivate, "Ask clients to use the torrent's trackers alone."),
        ])

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        if let format, let output, let ending = Self.ending(of: output),
            format.ending != ending
        {
            throw .otherEnding(output, format: format.rawValue, ending: format.ending)
        }
        return .request(.make(self))
    }

    /// What is asked for, otherwise what the ending of the output says.
    package var chosenFormat: Format {
        if let format { return format }
        return switch output.flatMap(Self.ending) {
        case .seed: .seed
        case .manifest: .manifest
        case .torrent, nil: .hybrid
        }
    }

    /// Whether the result goes to standard output, and to no file.
    package var isToStandardOutput: Bool { output == "-" }

    /// Nil for one that says nothing of the format.
    private static func ending(of file: String) -> Ending? {
        Ending.allCases.first { file.lowercased().hasSuffix(".\($0.rawValue)") }
    }
}

extension MakeOptions {
    /// How files of a format end.
    package enum Ending: String, CaseIterable, Sendable { case torrent, seed, manifest }
}

extension MakeOptions.Format {
    package var ending: MakeOptions.Ending {
        switch self {
        case .torrentV1, .torrentV2, .hybrid: .torrent
        case .seed: .seed
        case .manifest: .manifest
        }
    }
}
