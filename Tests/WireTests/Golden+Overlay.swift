import Vocabulary
import Wire

private let content = ContentID(high: 0x0102_0304_0506_0708, low: 0x1112_1314_1516_1718)
private let query = QueryID(origin: Rank(0x2122_2324), sequence: 0x3132_3334)

extension Golden {
    static let overlay: [Golden] = [
        Golden(
            .overlay(.query(content, query, timeToLive: 0x4142_4344, by: .name)),
            "60010000000000000807060504030201181716151413121124232221343332314443424101000000"),
        Golden(
            .overlay(.query(content, query, timeToLive: 0x4142_4344, by: .content)),
            "60010000000000000807060504030201181716151413121124232221343332314443424102000000"),
        Golden(
            .overlay(.query(content, query, timeToLive: 0x4142_4344, by: .wholeDigest)),
            "60010000000000000807060504030201181716151413121124232221343332314443424103000000"),
        Golden(
            .overlay(
                .queryHit(
                    content, query, responder: Rank(0x4142_4344), seeds: 0x5354, peers: 0x5152)),
            "61010000000000000807060504030201181716151413121124232221343332314443424154535251"),
        Golden(
            .overlay(.groupReady(peers: 0x2122_2324)),
            "62010000000000000000000000000000000000000000000024232221000000000000000000000000"),
        Golden(
            .overlay(.groupDone(peers: 0x2122_2324, failed: 0x3132_3334)),
            "63010000000000000000000000000000000000000000000024232221343332310000000000000000"),
        Golden(
            .overlay(
                .groupReport(
                    of: Rank(0x2122_2324), page: 0x3132_3334, entries: 0x4142_4344, isLast: true)),
            "64010000000000000000000000000000000000000000000024232221343332314443424101000000"),
        Golden(
            .overlay(
                .groupReport(
                    of: Rank(0x2122_2324), page: 0x3132_3334, entries: 0x4142_4344, isLast: false)),
            "64010000000000000000000000000000000000000000000024232221343332314443424100000000"),
        Golden(
            .overlay(.jobOver),
            "65010000000000000000000000000000000000000000000000000000000000000000000000000000"),
    ]
}
