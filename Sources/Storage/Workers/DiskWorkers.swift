import Glibc
import Synchronization

/// The disk workers of a rank and their work: digesting, reading and writing, so that no thread
/// that exchanges messages waits for a disk.
///
/// Work that others wait for is done first: reads, then writes, then the rest. The callers bound
/// the amount: there is no more work than buffers are lent.
package final class DiskWorkers: Sendable {
    package enum Urgency: Int, Sendable, CaseIterable {
        case read = 0
        case write
        case whenIdle
    }

    package typealias Job = @Sendable () -> Void

    private struct Board: Sendable {
        var jobs = Urgency.allCases.map { _ in Backlog<Job>(countMax: DiskWorkers.jobsMax) }
        /// The number of running jobs that no thread waits for.
        var idleCount = 0
        var isClosed = false

        mutating func next(idleMax: Int) -> (job: Job, isIdle: Bool)? {
            for urgency in Urgency.allCases {
                let isIdle = urgency == .whenIdle
                guard !isIdle || idleCount < idleMax else { continue }
                guard let job = jobs[urgency.rawValue].next() else { continue }
                if isIdle { idleCount += 1 }
                return (job, isIdle)
            }
            return nil
        }
    }

    /// Far more than buffers are lent, and reads asked for.
    static let jobsMax = 1 << 20

    private let board = Mutex(Board())
    private let bell = Bell()
    private let idleMax: Int

    /// At most `idleMax` jobs that no thread waits for run at once: they may take long, and a
    /// worker must be left for the others.
    package init(idleMax: Int = .max) { self.idleMax = idleMax }

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
            let (next, isClosed) = board.withLock { ($0.next(idleMax: idleMax), $0.isClosed) }
            guard let next else {
                if isClosed { return bell.ring() }
                continue
            }
            next.job()
            guard next.isIdle else { continue }
            board.withLock { $0.idleCount -= 1 }
            // Another one may have been passed over.
            bell.ring()
        }
    }

    /// Submitted work is still done; no more is accepted.
    package func close() {
        board.withLock { $0.isClosed = true }
        bell.ring()
    }
}
