import CLinux
import Launch
import Synchronization
import Testing

@Suite struct NamedThreadTests {
    private struct Owned: ~Copyable {
        let value: Int
    }

    private final class Slot: Sendable {
        let value = Atomic(0)
    }

    @Test func aThreadGetsItsValueAndIsJoined() throws {
        let slot = Slot()
        let thread = try NamedThread(name: "owner", Owned(value: 42)) { owned in
            slot.value.store(owned.value, ordering: .relaxed)
        }
        try thread.join()
        #expect(slot.value.load(ordering: .relaxed) == 42)
    }

    @Test func joiningTwiceIsJoiningOnce() throws {
        let thread = try NamedThread(name: "twice", 0) { _ in }
        try thread.join()
        try thread.join()
    }

    @Test func theLongestNameIsKept() throws {
        let name = String(repeating: "n", count: NamedThread.nameLengthMax)
        let slot = Slot()
        let thread = try NamedThread(name: name, slot) { slot in
            var buffer = [CChar](repeating: 0, count: 16)
            unsafe pthread_getname_np(pthread_self(), &buffer, buffer.count)
            slot.value.store(buffer.prefix { $0 != 0 }.count, ordering: .relaxed)
        }
        try thread.join()
        #expect(slot.value.load(ordering: .relaxed) == name.utf8.count)
    }

    @Test func manyThreadsRunAtATime() throws {
        let slot = Slot()
        let threads = try (1...20).map { number in
            try NamedThread(name: "adder \(number)", number) { number in
                slot.value.add(number, ordering: .relaxed)
            }
        }
        for thread in threads { try thread.join() }
        #expect(slot.value.load(ordering: .relaxed) == 210)
    }
}
