import Testing
import Vocabulary

@testable import Staging

/// Who sees the same source, and who reads it.
struct SharedViewTests {
    private func ranks(_ views: [SharedView]) -> [[Int32]] { views.map { $0.ranks.map(\.raw) } }

    @Test func onOneNodeTheDeviceCounts() throws {
        let surveys = Samples.surveys(
            Samples.survey("a", [Samples.sight(5)]), Samples.survey("a", [Samples.sight(5)]),
            Samples.survey("a", [Samples.sight(5, device: 2)]), Samples.survey("a", [nil]))
        #expect(ranks(SharedView.all(of: surveys, try Samples.wish("s"))) == [[0, 1], [2]])
    }

    @Test func acrossNodesAllOtherFactsCount() throws {
        let surveys = Samples.surveys(
            Samples.survey("a", [Samples.sight(5, device: 1)]),
            Samples.survey("b", [Samples.sight(5, device: 2)]),
            Samples.survey("c", [Samples.sight(6, device: 1)]),
            Samples.survey("d", [Samples.sight(5, system: 8)]))
        var wish = try Samples.wish("s")
        #expect(ranks(SharedView.all(of: surveys, wish)) == [[0, 1], [2], [3]])
        wish.sharing = .assumed
        #expect(ranks(SharedView.all(of: surveys, wish)) == [[0, 1, 2, 3]])
        wish.sourceRanks = [Rank(3), Rank(1)]
        #expect(ranks(SharedView.all(of: surveys, wish)) == [[1, 3]])
    }

    /// The lister is the only reader, and keeps a copy if it can. No rank stands in for it: the
    /// archive may be another one by then.
    @Test func oneRankAloneReadsIfThereIsOneReader() throws {
        let surveys = Samples.surveys(
            Samples.survey("a", [Samples.sight(5)]), Samples.survey("a", [Samples.sight(5)]),
            Samples.survey("b", [Samples.sight(6, device: 2)]))
        var wish = try Samples.wish("s")
        wish.hasOneReader = true
        #expect(ranks(SharedView.all(of: surveys, wish)) == [[0]])
        wish.receiverRanks = [Rank(1), Rank(2)]
        #expect(ranks(SharedView.all(of: surveys, wish)) == [[1]])
        wish.receiverRanks = [Rank(2)]
        #expect(ranks(SharedView.all(of: surveys, wish)) == [[0]])
    }

    @Test func oneRankOfEachNodeReadsAndFewDo() throws {
        let sight = Samples.sight(5)
        let surveys = Samples.surveys(
            Samples.survey("a", [sight]), Samples.survey("a", [sight]),
            Samples.survey("b", [sight]), Samples.survey("c", [sight]))
        let view = SharedView.all(of: surveys, try Samples.wish("s"))[0]
        func readers(_ receivers: [Int32], _ count: Int) -> [Int32] {
            view.readers(
                surveys, receivers: Set(receivers.map { Rank($0) }), atMost: count
            ).map(\.raw)
        }
        #expect(readers([0, 1, 2, 3], 9) == [0, 2, 3])
        #expect(readers([0, 1, 2, 3], 2) == [0, 2])
        #expect(readers([1, 3], 9) == [1, 3])
        #expect(readers([], 9) == [0])
    }

    @Test func severalSourcesAreSeveralViews() throws {
        let surveys = Samples.surveys(
            Samples.survey("a", [Samples.sight(5), nil]),
            Samples.survey("b", [nil, Samples.sight(5)]))
        let views = SharedView.all(of: surveys, try Samples.wish("s", "t"))
        #expect(views.map(\.source) == [0, 1])
        #expect(ranks(views) == [[0], [1]])
    }
}
