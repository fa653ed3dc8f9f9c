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

    /// A message is noticed at the latest when the thread has been idle for twice as long.
    @Test func noSleepIsLongerThanTheIdleTimeBefore() {
        var backoff = Backoff()
        var idle = Duration.zero
        var sleeps: [Duration] = []
        while sleeps.last ?? .zero < .milliseconds(100), sleeps.count < 100 {
            guard let sleep = backoff.next(atMost: .milliseconds(100)) else { continue }
            #expect(idle == .zero || sleep <= idle + .microseconds(20))
            idle += sleep
            sleeps.append(sleep)
        }
        #expect(sleeps.count == 16 && idle > .milliseconds(250))
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
