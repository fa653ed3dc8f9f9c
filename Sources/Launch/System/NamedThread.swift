import CLinux
import Glibc

/// A thread with a name that `top -H` and a debugger show. It owns the value it starts with:
/// nothing is shared between it and its creator but what that value shares. A thread that is
/// dropped without `join` continues to run.
package final class NamedThread {
    /// Linux keeps 16 bytes of a thread's name, of which the last is zero.
    package static let nameLengthMax = 15
    /// The size is fixed, because the default follows `ulimit -s`, which differs from cluster to
    /// cluster. This program's frames need a few KiB; the rest is for Open MPI and its plug-ins.
    /// Untouched pages cost nothing.
    private static let stackSize = 2 << 20

    private var handle: pthread_t?

    package init<Value: ~Copyable>(
        name: String, _ value: consuming sending Value,
        body: @escaping @Sendable (consuming Value) -> Void
    ) throws(LaunchError) {
        precondition(name.utf8.count <= Self.nameLengthMax, "\(name) is too long for a thread")
        handle = try Self.start(ThreadStartOwning(name: name, value, body: body))
    }

    deinit {
        if let handle { pthread_detach(handle) }
    }

    /// Waits until the thread has returned. A second call returns at once.
    package func join() throws(LaunchError) {
        guard let thread = handle.take() else { return }
        try posix("pthread_join") { settingErrno(pthread_join(thread, nil)) }
    }

    private static func start(_ start: ThreadStart) throws(LaunchError) -> pthread_t {
        var attributes = pthread_attr_t()
        try posix("pthread_attr_init") { settingErrno(unsafe pthread_attr_init(&attributes)) }
        defer { unsafe pthread_attr_destroy(&attributes) }
        try posix("pthread_attr_setstacksize") {
            settingErrno(unsafe pthread_attr_setstacksize(&attributes, stackSize))
        }
        let retained = unsafe Unmanaged.passRetained(start)
        var thread = pthread_t()
        do throws(LaunchError) {
            try posix("pthread_create") {
                settingErrno(
                    unsafe pthread_create(
                        &thread, &attributes, runThreadStart, retained.toOpaque()))
            }
        } catch {
            unsafe retained.release()
            throw error
        }
        return thread
    }
}

private func runThreadStart(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let pointer = unsafe pointer else { preconditionFailure("a thread without a start") }
    let start = unsafe Unmanaged<ThreadStart>.fromOpaque(pointer).takeRetainedValue()
    unsafe clinux_name_thread(start.name)
    start.run()
    return nil
}
