import Glibc
import Synchronization

/// Threads for tests that wait for processes. A waiting test holds its thread, and Swift's own pool
/// has one for each core only, so two such tests would stop all others there.
@safe
package final class WaitingThreads: TaskExecutor, @unchecked Sendable {
    /// With more, a machine with two cores would start more ranks at once than it can serve.
    package static let shared = WaitingThreads(count: 4)

    private let jobs = Mutex<[UnownedJob]>([])
    private let count: UnsafeMutablePointer<sem_t>

    /// The threads never end, and neither does their owner.
    private init(count threads: Int) {
        unsafe count = .allocate(capacity: 1)
        unsafe count.initialize(to: sem_t())
        unsafe sem_init(count, 0, 0)
        for _ in 0..<threads {
            var thread = pthread_t()
            let context = unsafe Unmanaged.passRetained(self).toOpaque()
            let code = unsafe pthread_create(
                &thread, nil,
                { context in
                    let owner = unsafe Unmanaged<WaitingThreads>.fromOpaque(context!)
                        .takeRetainedValue()
                    while true { owner.runNext() }
                }, context)
            precondition(code == 0, "no thread")
        }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        unsafe sem_post(count)
    }

    private func runNext() {
        while unsafe sem_wait(count) != 0 && errno == EINTR {}
        let job = jobs.withLock { $0.removeFirst() }
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    }
}
