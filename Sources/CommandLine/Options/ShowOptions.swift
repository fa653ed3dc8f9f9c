/// `mpiswarm show FILE`
package struct ShowOptions: CommandOptions {
    package var file = ""
    package var json = false
    package var pieceSize: Size?

    package init() {}

    package static let table = CommandTable<ShowOptions>(
        name: "show",
        summary: "Print the contents of a torrent, a seed file or a manifest.",
        example: "mpiswarm show dataset.torrent --json",
        operands: [
            .one("FILE", .file, into: \.file, "the torrent, seed file or manifest")
        ],
        options: [
            .what: [.seedPieceSize(into: \.pieceSize)],
            .output: [.flag("json", into: \.json, "Print them as JSON.")],
        ],
        exits: "they were printed", or: "FILE cannot be read")

    package func outcome(in program: Program) -> Outcome { .request(.show(self)) }
}

extension Option {
    /// For commands that read seed files, which do not hold their piece length.
    static func seedPieceSize(
        into target: any WritableKeyPath<Options, Size?> & Sendable
    ) -> Option {
        .value(
            "piece-size", "SIZE", .size, into: target,
            default: "512, or the power of two that fits",
            "Piece length of a seed file.")
    }
}
