/// `mpiswarm show FILE`
package struct ShowOptions: CommandOptions {
    package var file = ""
    package var json = false
    package var pieceSize: Size?

    package init() {}

    package static let table = CommandTable<ShowOptions>(
        name: "show",
        summary: "Tell what a torrent, a seed file or a manifest says.",
        example: "mpiswarm show dataset.torrent --json",
        operands: [
            .one("FILE", .file, into: \.file, "the torrent, seed file or manifest")
        ],
        options: [
            .flag("json", into: \.json, "Print it as JSON."),
            .seedPieceSize(into: \.pieceSize),
        ])

    package func outcome(in program: Program) -> Outcome { .request(.show(self)) }
}

extension Option {
    /// For commands that read seed files, which do not say it themselves.
    static func seedPieceSize(
        into target: any WritableKeyPath<Options, Size?> & Sendable
    ) -> Option {
        .value(
            "piece-size", "SIZE", .size, into: target,
            default: "512, or the power of two that fits",
            "Take a seed file's pieces to be so long.")
    }
}
