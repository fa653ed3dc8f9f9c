import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Serving while no tracker is there to end it.
struct UploaderLingeringTests {
    private func isOver(_ fixture: inout UploaderFixture, after time: Duration) -> Bool {
        fixture.pass(time)
        return fixture.drain().contains(.tell(.stopping))
    }

    @Test func anUploaderWithoutRequestsEnds() throws {
        var fixture = UploaderFixture.cooperative(4)
        try fixture.meet(1)
        fixture.note(.lingering(true))
        #expect(!isOver(&fixture, after: .seconds(19)))
        try fixture.hear(.interested(UploaderFixture.content), from: 1)
        #expect(!isOver(&fixture, after: .seconds(19)))
        #expect(isOver(&fixture, after: .seconds(1)))
        fixture.step()
        #expect(fixture.uploader.isOver)
    }

    @Test func anUploaderEndsSoonIfNoNeighbourLacksAnything() throws {
        var fixture = UploaderFixture.cooperative(4)
        try fixture.meet(1, "####")
        fixture.note(.lingering(true))
        #expect(!isOver(&fixture, after: .seconds(5)))
        #expect(isOver(&fixture, after: .seconds(1)))
    }

    @Test func aSendUnderWayIsFinishedFirst() throws {
        var fixture = UploaderFixture.cooperative(4)
        try fixture.meet(1)
        try fixture.request(0, 1, from: 1)
        _ = fixture.stepReading()
        fixture.note(.lingering(true))
        #expect(!isOver(&fixture, after: .seconds(20)))
        fixture.sent(1, to: 1)
        #expect(!isOver(&fixture, after: .seconds(19)))
        #expect(isOver(&fixture, after: .seconds(1)))
    }

    @Test func aTrackerThatIsBackEndsTheLingering() throws {
        var fixture = UploaderFixture.cooperative(4)
        try fixture.meet(1)
        fixture.note(.lingering(true))
        fixture.pass(.seconds(10))
        fixture.note(.lingering(false))
        #expect(!isOver(&fixture, after: .seconds(100)))
    }
}
