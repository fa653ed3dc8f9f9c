import Testing

@testable import Launch

@Suite struct IdleCountTests {
    @Test func aLauncherIsEndedAfterItWasIdleForLong() {
        var count = IdleCount(looksMax: 3)
        #expect(count.look(isIdle: true) == .wait)
        #expect(count.look(isIdle: true) == .wait)
        #expect(count.look(isIdle: false) == .wait, "a rank runs")
        #expect(count.look(isIdle: true) == .wait)
        #expect(count.look(isIdle: true) == .wait)
        #expect(count.look(isIdle: true) == .end)
    }

    @Test func aLauncherThatCannotBeSeenIsLeftAlone() {
        var count = IdleCount(looksMax: 3)
        #expect(count.look(isIdle: true) == .wait)
        #expect(count.look(isIdle: nil) == .giveUp)
    }

    @Test func aJobThatGoesOnIsLeftAlone() {
        var count = IdleCount(looksMax: 2)
        for _ in 1..<2 * IdleCount.patienceFactor {
            #expect(count.look(isIdle: false) == .wait)
        }
        #expect(count.look(isIdle: false) == .giveUp)
    }
}
