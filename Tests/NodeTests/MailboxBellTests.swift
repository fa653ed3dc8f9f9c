import Node
import Synchronization
import Testing
import Vocabulary

@Suite struct MailboxBellTests {
    private final class Counter: ReaderBell {
        let count = Atomic(0)
        func ring() { count.add(1, ordering: .relaxed) }
        var rings: Int { count.load(ordering: .relaxed) }
    }

    @Test func aNoteRingsTheBellOfItsReader() {
        let bell = Counter()
        let mailbox = Mailbox<Int>(ringing: bell)
        mailbox.put(1)
        #expect(bell.rings == 1)
        mailbox.put([2, 3], isUrgent: true)
        #expect(bell.rings == 2)
    }

    @Test func notesThatMayWaitRingOnceTheyAreMany() {
        let bell = Counter()
        let mailbox = Mailbox<Int>(ringing: bell)
        mailbox.put(Array(0..<63), isUrgent: false)
        #expect(bell.rings == 0 && !mailbox.hasToBeRead)
        mailbox.put([63], isUrgent: false)
        #expect(bell.rings == 1 && mailbox.hasToBeRead)
        var notes: [Int] = []
        #expect(mailbox.empty(into: &notes) && notes == Array(0..<64))
    }
}
