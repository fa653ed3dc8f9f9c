import Content
import Staging
import Testing
import Vocabulary
import Wire

/// Surveys and orders as bytes.
struct StagingCodingTests {
    private static func survey() throws -> Survey {
        let time = try #require(FileTime(seconds: -5, nanoseconds: 7))
        return Survey(
            host: "node1", node: 0x8000_0000_0000_0001,
            sources: [
                nil,
                SourceProbe(
                    isFolder: true, device: 1, inode: 2, size: 3, modified: time, system: 4),
            ], destination: "/scratch/ü", destinationIsFolder: true, refusal: "no")
    }

    private static func order() throws -> StageOrder {
        var order = StageOrder()
        order.duties = [
            .init(), .init(share: ReadShare(position: 1, of: 3)),
            .init(share: ReadShare(position: 0, of: 1), asksPublisher: true),
        ]
        order.duties[0].standsBy = true
        order.landing = Landing(folder: "/scratch", name: try RelativePath("x"))
        order.writer = Rank(4)
        order.job = 9
        order.pieceLength = 65536
        order.sharesRoom = true
        order.extras = .removed
        order.others = [try RelativePath("x/pipe")]
        order.receivers = [Rank(1), Rank(2), Rank(11)]
        order.fileCount = 3
        order.byteCount = 1 << 40
        order.tracking = StageTracking(roomGroups: [[Rank(1), Rank(3)], [Rank(2)]])
        return order
    }

    @Test func aSurveyComesBack() throws {
        let survey = try Self.survey()
        let bytes = survey.encoded()
        #expect(try unsafe Survey(parsing: bytes.span.bytes) == survey)
    }

    @Test func anOrderComesBack() throws {
        let order = try Self.order()
        let bytes = order.encoded()
        #expect(try unsafe StageOrder(parsing: bytes.span.bytes) == order)
    }

    @Test func everyPrefixIsRefused() throws {
        let survey = try Self.survey().encoded()
        for count in survey.indices {
            let part = Array(survey[..<count])
            #expect(throws: WireError.self) { try unsafe Survey(parsing: part.span.bytes) }
        }
        let order = try Self.order().encoded()
        for count in order.indices {
            let part = Array(order[..<count])
            #expect(throws: WireError.self) { try unsafe StageOrder(parsing: part.span.bytes) }
        }
    }
}
