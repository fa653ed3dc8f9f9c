import Testing

@testable import Swarm

@Suite struct OutflowTests {
    /// After this number of sends at a rate each, `count` of them at once.
    private static func after(_ sends: (count: Int, rate: Double, among: Int)...) -> Outflow {
        var outflow = Outflow()
        for (count, rate, among) in sends {
            for _ in 0..<count { outflow.note(rate, among: among) }
        }
        return outflow
    }

    @Test func oneSendIsEnoughIfItFillsTheLink() {
        let outflow = Self.after((200, 100, 1))
        #expect(outflow.places == 0)
        #expect(outflow.usual == 100)
    }

    @Test func sendsAreAddedWithinALimitIfReceiversTakeHalf() {
        #expect(Self.after((1, 100, 1), (12, 50, 1)).places == 1)
        #expect(Self.after((1, 100, 1), (12, 50, 1), (60, 30, 2)).places == 2)
    }

    @Test func addedSendsEndWhenTheLinkIsFull() {
        #expect(Self.after((1, 100, 1), (30, 50, 1)).places == 2)
        #expect(Self.after((1, 100, 1), (30, 50, 1), (60, 34, 3)).places == 0)
    }

    @Test func slowSendsAddNothing() {
        #expect(Self.after((1, 100, 1), (200, 1, 0)).places == 0)
    }
}
