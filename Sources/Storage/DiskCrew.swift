import Glibc
import Synchronization

/// The disk workers of a rank and what they have to do: digesting, reading and writing, so that no
/// thread that speaks to others ever waits for a disk.
///
/// What others wait for is done first: reads, then writes, then what nobody waits for. The callers
/// bound how much there is: no more is asked than buffers are lent.
package final class DiskCrew: Sendable {
    package enum Urgency: Int, Sendable, CaseIterable {
        case read = 0
        case write
        case whenIdle
    }

    package typealias Job = @Sendable () -> Void

    private struct Board: Sendable {
        var jobs = Urgency.allCases.map { _ in Backlog<Job>(countMax: DiskCrew.jobsMax) }
        var isClosed = false

        mutating func next() -> Job? {
            for urgency in jobs.indices {
                if let job = jobs[urgency].next() { return job }
            }
            return nil
        }
    }

    /// Far more than buffers are lent, and reads asked for.
    static let jobsMax = 1 << 20

    private let board = Mutex(Board())
    private let bell = Bell()

    package init() {}

    package func submit(_ urgency: Urgency, _ job: @escaping Job) {
        let isOpen = board.withLock { board in
            guard !board.isClosed else { return false }
            board.jobs[urgency.rawValue].append(job)
            return true
        }
        if isOpen { bell.ring() }
    }

    /// Works until the crew is closed. Each worker thread calls it once.
    package func work() {
        while true {
            bell.wait()
            let (job, isClosed) = board.withLock { ($0.next(), $0.isClosed) }
            if let job { job() } else if isClosed { return bell.ring() }
        }
    }

    /// What was submitted is still done; nothing more is taken.
    package func close() {
        board.withLock { $0.isClosed = true }
        bell.ring()
    }
}
