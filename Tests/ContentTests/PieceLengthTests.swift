import Content
import Testing

struct PieceLengthTests {
    /// The greatest total, in KiB, of contents with pieces of that length, in KiB.
    @Test(arguments: [
        (32 << 10, 64), (64 << 10, 128), (512_000, 256), (1_024_000, 512), (2_048_000, 1024),
        (64 << 20, 2048), (128 << 20, 4096), (256 << 20, 8192),
    ])
    func longerContentsHaveLongerPieces(total: Int64, length: Int64) {
        #expect(PieceLength.automatic(total: total << 10) == length << 10)
        #expect(PieceLength.automatic(total: (total << 10) + 1) == length << 11)
    }

    @Test func anEmptyContentHasShortPieces() {
        #expect(PieceLength.automatic(total: 0) == 64 << 10)
        #expect(PieceLength.automatic(total: 1 << 50) == 16 << 20)
    }

    @Test func onlyLongPiecesAreMoreThanTwoThousand() {
        var total: Int64 = 1
        while total < 1 << 40 {
            let length = PieceLength.automatic(total: total)
            let count = (total + length - 1) / length
            #expect(count <= 2000 || length >= 2 << 20, "\(total) bytes")
            #expect(count <= 32768 || length == 16 << 20, "\(total) bytes")
            #expect(count <= 512 || length >= 256 << 10, "\(total) bytes")
            total += total / 7 + 1
        }
    }
}
