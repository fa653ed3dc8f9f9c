import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Serving while no tracker is there to end it.
struct UploaderLingeringTests {
    private func isOver(_ desk: inout Desk, after time: Duration) -> Bool {
        desk.pass(time)
        return desk.drain().contains(.tell(.stopping))
    }

    @Test func anUploaderWithoutRequestsEnds() throws {
        var desk = Desk.cooperative(4)
        try desk.meet(1)
        desk.note(.lingering(true))
        #expect(!isOver(&desk, after: .seconds(19)))
        try desk.hear(.interested(Desk.content), from: 1)
        #expect(!isOver(&desk, after: .seconds(19)))
        #expect(isOver(&desk, after: .seconds(1)))
        desk.step()
        #expect(desk.uploader.isOver)
    }

    @Test func itEndsSoonIfNoNeighbourLacksAnything() throws {
        var desk = Desk.cooperative(4)
        try desk.meet(1, "####")
        desk.note(.lingering(true))
        #expect(!isOver(&desk, after: .seconds(5)))
        #expect(isOver(&desk, after: .seconds(1)))
    }

    @Test func aSendUnderWayIsFinishedFirst() throws {
        var desk = Desk.cooperative(4)
        try desk.meet(1)
        try desk.request(0, 1, from: 1)
        _ = desk.stepReading()
        desk.note(.lingering(true))
        #expect(!isOver(&desk, after: .seconds(20)))
        desk.sent(1, to: 1)
        #expect(!isOver(&desk, after: .seconds(19)))
        #expect(isOver(&desk, after: .seconds(1)))
    }

    @Test func aTrackerThatIsBackEndsTheLingering() throws {
        var desk = Desk.cooperative(4)
        try desk.meet(1)
        desk.note(.lingering(true))
        desk.pass(.seconds(10))
        desk.note(.lingering(false))
        #expect(!isOver(&desk, after: .seconds(100)))
    }
}
