import Node
import Testing

@Suite struct BackoffTests {
    @Test func looksAgainFirstThenSleepsTwiceAsLongEachTime() {
        var backoff = Backoff()
        var waits: [Duration] = []
        for _ in 0..<70 {
            if let wait = backoff.next(atMost: .milliseconds(1)) { waits.append(wait) }
        }
        #expect(waits.count == 68)
        #expect(waits.prefix(3) == [.microseconds(20), .microseconds(40), .microseconds(80)])
        #expect(waits.last == .milliseconds(1))
        backoff.reset()
        #expect(backoff.next(atMost: .milliseconds(1)) == nil)
    }

    @Test func theLongestSleepsComeLate() {
        var backoff = Backoff()
        var idle = Duration.zero
        var last = Duration.zero
        while last < .milliseconds(50), idle < .seconds(60) {
            last = backoff.next(atMost: .milliseconds(50)) ?? .zero
            idle += last
        }
        #expect(idle > .milliseconds(300) && idle < .seconds(1))
    }
}

@Suite struct MailboxTests {
    @Test func notesComeInOrderAndOnce() {
        let box = Mailbox<Int>()
        box.put(1)
        box.put(2)
        var batch: [Int] = []
        box.empty(into: &batch)
        #expect(batch == [1, 2])
        batch.removeAll()
        box.empty(into: &batch)
        #expect(batch.isEmpty)
    }
}
