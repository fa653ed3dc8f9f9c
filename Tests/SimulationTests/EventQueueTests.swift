import Simulation
import Testing
import Vocabulary

@Suite struct EventQueueTests {
    @Test func eventsOfOneTimeHappenInTheOrderOfSubmission() {
        var queue = EventQueue(delays: [.nanoseconds(10), .nanoseconds(20)])
        let ten = Tick(nanoseconds: 10)
        queue.schedule(.alarm, 1, at: ten)
        queue.append(.delivered, 2, lane: 0)
        queue.schedule(.alarm, 3, at: ten)
        queue.append(.delivered, 4, lane: 0)
        queue.append(.delivered, 5, lane: 1)
        queue.schedule(.alarm, 6, at: Tick(nanoseconds: 5))
        var seen: [UInt32] = []
        while let row = queue.next(through: ten) { seen.append(row.subject) }
        #expect(seen == [6, 1, 2, 3, 4])
        #expect(queue.now == ten)
        #expect(queue.next(through: .never)?.subject == 5)
        #expect(queue.eventCount == 6)
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func manyEventsComeInOrder(seed: UInt64) {
        var chance = Chance(seed: seed)
        var queue = EventQueue(delays: [.nanoseconds(7), .zero])
        var expected: [(time: UInt64, subject: UInt32)] = []
        var seen: [(time: UInt64, subject: UInt32)] = []
        for subject in 0..<5000 as Range<UInt32> {
            let lane = chance.below(3)
            let now = queue.now.nanoseconds
            if lane < 2 {
                queue.append(.delivered, subject, lane: lane)
                expected.append((now + (lane == 0 ? 7 : 0), subject))
            } else {
                let time = now + UInt64(chance.below(50))
                queue.schedule(.alarm, subject, at: Tick(nanoseconds: time))
                expected.append((time, subject))
            }
            if chance.below(3) == 0, let row = queue.next(through: .never) {
                seen.append((row.time.nanoseconds, row.subject))
            }
        }
        queue.checkInvariants()
        while let row = queue.next(through: .never) {
            seen.append((row.time.nanoseconds, row.subject))
        }
        // Subjects are the numbers of submissions.
        #expect(seen.map(\.time) == expected.map(\.time).sorted())
        for (a, b) in zip(seen, seen.dropFirst()) where a.time == b.time {
            #expect(a.subject < b.subject)
        }
        #expect(Set(seen.map(\.subject)).count == 5000)
    }
}
