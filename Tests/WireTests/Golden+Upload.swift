import Vocabulary
import Wire

private let content = ContentID(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718)

extension Golden {
    static let upload: [Golden] = [
        Golden(
            .upload(.terminate),
            "40010000000000000000000000000000000000000000000000000000000000000000000000000000"),
        Golden(
            .upload(.piecesQuery(content, first: 0x2122_2324, count: 0x3132_3334)),
            "41010000000000000807060504030201181716151413121124232221343332310000000000000000"),
        Golden(
            .upload(.interested(content)),
            "42010000000000000807060504030201181716151413121100000000000000000000000000000000"),
        Golden(
            .upload(.notInterested(content)),
            "43010000000000000807060504030201181716151413121100000000000000000000000000000000"),
        Golden(
            .upload(.decline(content, offer: 0x2122_2324, count: 0x3132_3334)),
            "44010000000000000807060504030201181716151413121124232221343332310000000000000000"),
        Golden(
            .upload(
                .request(
                    content, piece: 0x2122_2324, run: 0x3132_3334,
                    request: RequestNumber(0x4142_4344), offer: 0x5152_5354)),
            "45010000000000000807060504030201181716151413121124232221343332314443424154535251"),
        Golden(
            .upload(.cancel(content, request: RequestNumber(0x4142_4344))),
            "46010000000000000807060504030201181716151413121100000000000000004443424100000000"),
        Golden(
            .upload(.tableRequest(content, first: 0x2122_2324, count: 0x3132_3334)),
            "47010000000000000807060504030201181716151413121124232221343332310000000000000000"),
    ]
}
