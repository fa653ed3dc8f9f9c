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
    package var format = Format.hybrid
    package var output: String?
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
                "Write this; seed files and manifests describe one file."),
            .value(
                "output", "FILE", .file, into: \.output, default: "PATH's name, and the format's",
                "Write to this file."
            ).orShort("o"),
            .value(
                "piece-size", "SIZE", .size, into: \.pieceSize,
                default: "512 in a seed file, else by size", "Make pieces so long."),
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

    package func outcome(in program: Program) -> Outcome { .request(.make(self)) }
}
