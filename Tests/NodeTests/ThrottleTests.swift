import Testing
import Vocabulary

@testable import Node

struct ThrottleTests {
    /// Asked every millisecond for ten seconds, it lets out what the rate allows and one piece.
    @Test func overAnyTimeTheRateIsKept() {
        var throttle = Throttle(bytesPerSecond: 1000)
        var now = Tick.zero
        var sent = 0
        for _ in 0..<10_000 {
            now = now + .milliseconds(1)
            while throttle.isOpen(now: now) {
                throttle.took(300, now: now)
                sent += 300
            }
        }
        #expect((9_900...10_300).contains(sent))
    }

    @Test func withoutALimitItIsAlwaysOpen() {
        var throttle = Throttle()
        throttle.took(.max / 2, now: .zero)
        #expect(throttle.isOpen(now: .zero))
    }

    /// Unused time is not saved up.
    @Test func aPauseGivesNoCredit() {
        var throttle = Throttle(bytesPerSecond: 100)
        let late = Tick.zero + .seconds(60)
        throttle.took(100, now: late)
        #expect(!throttle.isOpen(now: late + .milliseconds(999)))
        #expect(throttle.isOpen(now: late + .seconds(1)))
    }
}
