import Content
import Testing

struct PieceLengthTests {
    @Test(arguments: [
        (0, 64), (1, 64), (32 << 20, 64), ((32 << 20) + 1, 128), (64 << 20, 128), (128 << 20, 256),
        (500 << 20, 256), ((500 << 20) + 1, 512), (1 << 30, 1024), (64 << 30, 16 << 10),
    ])
    func longerContentsHaveLongerPieces(total: Int, kibibytes: Int) {
        #expect(PieceLength.automatic(total: Int64(total)) == Int64(kibibytes) << 10)
    }

    @Test func onlyPiecesOfTheGreatestLengthAreMoreThanTwoThousand() {
        var total: Int64 = 1
        while total < 1 << 40 {
            let length = PieceLength.automatic(total: total)
            let count = (total + length - 1) / length
            #expect(count <= 2000 || length == 16 << 20, "\(total) bytes")
            #expect(count <= 512 || length >= 256 << 10, "\(total) bytes")
            total += total / 7 + 1
        }
    }
}
