import Glibc
import Synchronization

/// The disk workers of a rank and what they have to do: digesting, reading and writing, so that no
/// thread that speaks to others ever waits for a disk.
///
/// What others wait for is done first: reads, then writes, then what nobody waits for. The callers
/// bound how much there is: no more is asked than buffers are lent.
package final class DiskWorkers: Sendable {
    package enum Urgency: Int, Sendable, CaseIterable {
        case read = 0
        case write
        case whenIdle
    }

    package typealias Job = @Sendable () -> Void

    private struct Board: Sendable {
        var jobs = Urgency.allCases.map { _ in Backlog<Job>(countMax: DiskWorkers.jobsMax) }
        /// Jobs for which nobody waits that are being done.
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

    /// Of the jobs for which nobody waits no more than `idleMax` are done at once: they may take
    /// long, and a worker has to be left for the others.
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

    /// What was submitted is still done; nothing more is taken.
    package func close() {
        board.withLock { $0.isClosed = true }
        bell.ring()
    }
}
