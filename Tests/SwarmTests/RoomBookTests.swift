import Testing
import Vocabulary

@testable import Swarm

/// Needs on the disks of one host, added in the order of the ranks.
struct RoomBookTests {
    private static let one = ContentID(high: 1, low: 1)
    private static let two = ContentID(high: 1, low: 2)

    private static func need(
        _ needed: Int64, of available: Int64, on device: UInt64 = 1
    ) -> RoomNeed {
        RoomNeed(needed: ByteCount(needed), available: ByteCount(available), device: device)
    }

    private static func verdict(
        _ rank: Int32, _ isGranted: Bool, taken: Int64 = 0, of content: ContentID = one
    ) -> RoomBook.Verdict {
        RoomBook.Verdict(
            rank: Rank(rank), content: content, taken: ByteCount(taken), isGranted: isGranted)
    }

    /// The measurements of the ranks of one host, in that order, for one content.
    private static func verdicts(
        _ needs: [(rank: Int32, need: RoomNeed)]
    ) -> [RoomBook.Verdict] {
        var book = RoomBook([needs.map { Rank($0.rank) }], contentCount: 1)
        var verdicts: [RoomBook.Verdict] = []
        for (rank, need) in needs {
            #expect(verdicts.isEmpty, "all have to be in")
            verdicts = book.measured(Rank(rank), one, need)
            book.checkInvariants()
        }
        return verdicts
    }

    @Test func spaceIsGrantedInTheOrderOfRanks() {
        let found = Self.verdicts([
            (3, Self.need(30, of: 80)), (1, Self.need(30, of: 80)), (4, Self.need(20, of: 80)),
            (2, Self.need(30, of: 80)),
        ])
        #expect(
            found == [
                Self.verdict(1, true), Self.verdict(2, true, taken: 30),
                Self.verdict(3, false, taken: 60), Self.verdict(4, true, taken: 60),
            ])
    }

    @Test func devicesAreCountedSeparately() {
        let found = Self.verdicts([
            (1, Self.need(30, of: 40, on: 1)), (2, Self.need(30, of: 40, on: 2)),
            (3, Self.need(10, of: 40, on: 2)), (4, Self.need(11, of: 40, on: 1)),
        ])
        #expect(found.map(\.isGranted) == [true, true, true, false])
    }

    @Test func aRankThatNeedsNothingIsNeverRefused() {
        let found = Self.verdicts([(1, Self.need(9, of: 9)), (2, Self.need(0, of: 0))])
        #expect(found == [Self.verdict(1, true), Self.verdict(2, true)])
    }

    @Test func theContentsOfARankCountTogether() {
        var book = RoomBook([[Rank(1)]], contentCount: 2)
        #expect(book.measured(Rank(1), Self.one, Self.need(6, of: 10)) == [])
        // A repeated measurement, and one of an unknown rank.
        #expect(book.measured(Rank(1), Self.one, Self.need(1, of: 10)) == [])
        #expect(book.measured(Rank(2), Self.two, Self.need(1, of: 10)) == [])
        #expect(
            book.measured(Rank(1), Self.two, Self.need(5, of: 10)) == [
                Self.verdict(1, false, taken: 5),
                Self.verdict(1, false, taken: 6, of: Self.two),
            ])
    }

    @Test func aRankThatIsGoneIsNotWaitedForAndMayComeBack() {
        var book = RoomBook([[Rank(1), Rank(2), Rank(3)]], contentCount: 1)
        #expect(book.measured(Rank(1), Self.one, Self.need(5, of: 10)) == [])
        #expect(book.gone(Rank(1)) == [])
        #expect(book.measured(Rank(2), Self.one, Self.need(4, of: 10)) == [])
        #expect(book.gone(Rank(3)) == [Self.verdict(2, true)])
        #expect(book.returned(Rank(1)) == [Self.verdict(1, true, taken: 4)])
        #expect(book.returned(Rank(3)) == [])
        #expect(
            book.measured(Rank(3), Self.one, Self.need(2, of: 10)) == [
                Self.verdict(3, false, taken: 9)
            ])
        book.checkInvariants()
    }

    /// Peers may send any number.
    @Test func hugeNumbersAreHarmless() {
        let most = Int64.max
        let found = Self.verdicts([
            (1, Self.need(most, of: most)), (2, Self.need(most, of: most)),
            (3, Self.need(1, of: most)),
        ])
        #expect(found.map(\.isGranted) == [true, false, false])
        #expect(found.map(\.taken.raw) == [0, most, most])
    }
}
