/// `mpiswarm verify FILE PATH`
package struct VerifyOptions: CommandOptions {
    package var file = ""
    package var path = ""
    package var pieceSize: Size?

    package init() {}

    package static let table = CommandTable<VerifyOptions>(
        name: "verify",
        summary: "Compare a file or folder with its torrent, seed file, manifest or checksums.",
        example: "mpiswarm verify dataset.torrent dataset",
        operands: [
            .one("FILE", .file, into: \.file, "the torrent, seed file, manifest or checksums"),
            .one(
                "PATH", .file, into: \.path,
                "the file or folder that it describes, or the folder that the file is in"),
        ],
        options: [.what: [.seedPieceSize(into: \.pieceSize)]],
        exits: "all is as described", or: "something is missing, damaged or cannot be read")

    package func outcome(in program: Program) -> Outcome { .request(.verify(self)) }
}
