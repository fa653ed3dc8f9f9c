import Synchronization
import Vocabulary

/// The answers of disk workers to one thread, in the order of the work.
final class Answers<Answer: Sendable>: Sendable {
    private let list = Mutex<[Answer]>([])
    /// So that looking into an empty list, which is nearly always, takes no lock.
    private let isFilled = Atomic(false)

    /// The bell of the thread that takes them.
    private let bell: (any ReaderBell)?

    init(ringing bell: (any ReaderBell)? = nil) { self.bell = bell }

    func put(_ answer: Answer) {
        list.withLock {
            $0.append(answer)
            isFilled.store(true, ordering: .releasing)
        }
        bell?.ring()
    }

    /// All that came since the last time, the first one last.
    func take() -> [Answer] {
        guard isFilled.load(ordering: .acquiring) else { return [] }
        return list.withLock { answers in
            isFilled.store(false, ordering: .releasing)
            defer { answers = [] }
            return answers.reversed()
        }
    }
}
