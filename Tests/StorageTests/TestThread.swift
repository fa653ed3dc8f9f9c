import Glibc
import Synchronization

/// A thread of a test, with the error that it threw.
final class TestThread {
    private final class Work: Sendable {
        let body: @Sendable () throws -> Void
        let failure = Mutex<(any Error)?>(nil)

        init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }

        func run() {
            do { try body() } catch { failure.withLock { $0 = error } }
        }
    }

    private let work: Work
    private var thread = pthread_t()

    init(_ body: @escaping @Sendable () throws -> Void) throws {
        work = Work(body)
        let context = unsafe Unmanaged.passRetained(work).toOpaque()
        let code = unsafe pthread_create(
            &thread, nil,
            { context in
                unsafe Unmanaged<Work>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, context)
        precondition(code == 0, "no thread")
    }

    func join() throws {
        pthread_join(thread, nil)
        if let failure = work.failure.withLock({ $0 }) { throw failure }
    }
}
