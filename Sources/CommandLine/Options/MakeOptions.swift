/// `mpiswarm make PATH`
package struct MakeOptions: CommandOptions {
    package enum Format: String, CaseIterable, Sendable {
        case seed
        case torrentV1 = "torrent-v1"
        case torrentV2 = "torrent-v2"
        case hybrid
        case manifest
        case sha256sums
    }

    package enum SeedDigest: String, CaseIterable, Sendable {
        case md5
        case sha256
    }

    package var path = ""
    /// Nil where the ending of `output` decides.
    package var format: Format?
    package var output: String?
    /// Whether a file that exists may be replaced.
    package var isForced = false
    package var pieceSize: Size?
    package var digest = SeedDigest.md5
    /// In tiers: the trackers of a tier are asked in turn before those of the next.
    package var announce: [[String]] = []
    package var comment: String?
    package var creationDate: Int?
    package var isPrivate = false

    package init() {}

    package static let table = CommandTable<MakeOptions>(
        name: "make",
        summary: "Write a torrent, seed file, manifest or list of checksums of a file or folder.",
        example: "mpiswarm make --format hybrid dataset --output dataset.torrent",
        operands: [
            .one("PATH", .file, into: \.path, "the file or folder to describe")
        ],
        options: [.what: content, .how: torrent, .output: output],
        exits: "the file was written", or: "something could not be read or written")

    private static let content: [Option<MakeOptions>] = [
        .value(
            "format", "FORMAT", .choice(of: Format.self), into: \.format,
            default: "by --output, or hybrid",
            "What to write; a seed file or manifest is of one file."),
        .value(
            "piece-size", "SIZE", .size, into: \.pieceSize,
            default: "512 in a seed file, otherwise chosen from the total size", "Piece length."),
        .value(
            "digest", "DIGEST", .choice(of: SeedDigest.self), into: \.digest,
            "Digest of the pieces in a seed file."),
    ]

    private static let torrent: [Option<MakeOptions>] = [
        .values(
            "announce", "URL[,URL...]", .tier, into: \.announce,
            "Tracker of a torrent, or several that are asked in turn; given again, it adds "
                + "trackers to ask after them."),
        .value("comment", "TEXT", .text, into: \.comment, "Comment in a torrent."),
        .value(
            "creation-date", "SECONDS", .number(0...Int.max), into: \.creationDate,
            "Date in a torrent, in seconds since 1970."),
        .flag("private", into: \.isPrivate, "Ask clients to use the torrent's trackers alone."),
    ]

    private static let output: [Option<MakeOptions>] = [
        .value(
            "output", "FILE", .file, into: \.output,
            default: "PATH's name with the format's ending",
            "File to write, with the format's ending; - is standard output."
        ).orShort("o"),
        .flag("force", into: \.isForced, "Replace FILE if it exists.").orShort("f"),
    ]

    package func outcome(in program: Program) throws(UsageError) -> Outcome {
        if let format, let output, let ending = Self.ending(of: output),
            format.ending != ending
        {
            throw .otherEnding(output, format: format.rawValue, ending: format.ending)
        }
        return .request(.make(self))
    }

    /// The format that was asked for, otherwise that of the output's ending.
    package var chosenFormat: Format {
        if let format { return format }
        return switch output.flatMap(Self.ending) {
        case .seed: .seed
        case .manifest: .manifest
        case .sha256sums: .sha256sums
        case .torrent, nil: .hybrid
        }
    }

    /// Whether the result goes to standard output instead of a file.
    package var isToStandardOutput: Bool { output == "-" }

    /// Nil for an ending that is that of no format.
    private static func ending(of file: String) -> Ending? {
        Ending.allCases.first { file.lowercased().hasSuffix(".\($0.rawValue)") }
    }
}

extension MakeOptions {
    /// The endings of the formats.
    package enum Ending: String, CaseIterable, Sendable { case torrent, seed, manifest, sha256sums }
}

extension MakeOptions.Format {
    package var ending: MakeOptions.Ending {
        switch self {
        case .torrentV1, .torrentV2, .hybrid: .torrent
        case .seed: .seed
        case .manifest: .manifest
        case .sha256sums: .sha256sums
        }
    }
}
