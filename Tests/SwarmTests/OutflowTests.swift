import Testing

@testable import Swarm

@Suite struct OutflowTests {
    @Test func oneSendIsEnoughWhereItFillsTheLink() {
        var outflow = Outflow()
        for _ in 0..<200 { outflow.note(100, among: 1) }
        #expect(outflow.places == 0)
        #expect(outflow.usual == 100)
    }

    @Test func moreAreAddedWhereReceiversTakeHalfAndTheyAreBounded() {
        var outflow = Outflow()
        outflow.note(100, among: 1)
        for _ in 0..<12 { outflow.note(50, among: 1) }
        #expect(outflow.places == 1)
        for _ in 0..<60 { outflow.note(30, among: 2) }
        #expect(outflow.places == 2)
    }

    @Test func theyGoAgainWhenTheLinkIsFull() {
        var outflow = Outflow()
        outflow.note(100, among: 1)
        for _ in 0..<30 { outflow.note(50, among: 1) }
        #expect(outflow.places == 2)
        for _ in 0..<60 { outflow.note(34, among: 3) }
        #expect(outflow.places == 0)
    }

    @Test func whatCountsAsSlowAddsNothing() {
        var outflow = Outflow()
        outflow.note(100, among: 1)
        for _ in 0..<200 { outflow.note(1, among: 0) }
        #expect(outflow.places == 0)
    }
}
