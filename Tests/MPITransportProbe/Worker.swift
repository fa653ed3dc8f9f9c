internal import Glibc
internal import MPITransport

/// A thread with an endpoint of its own, one piece of work, and its result.
final class Worker<Result: Sendable>: @unchecked Sendable {
    private var endpoint: MPIEndpoint
    private let work: @Sendable (inout MPIEndpoint) -> Result
    private var result: Result?
    private var thread = pthread_t()

    init(
        _ endpoint: consuming sending MPIEndpoint,
        _ work: @escaping @Sendable (inout MPIEndpoint) -> Result
    ) {
        self.endpoint = endpoint
        self.work = work
    }

    func start() {
        let job = unsafe Unmanaged.passRetained(Job { self.result = self.work(&self.endpoint) })
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            }, job.toOpaque())
        precondition(code == 0, "no thread could be started")
    }

    func join() -> Result {
        _ = pthread_join(thread, nil)
        guard let result else { preconditionFailure("a joined thread has a result") }
        return result
    }
}
