import CLinux
import Glibc

/// A file without a name that catches one output stream. A pipe would have to be drained while the
/// command runs, and would stay open for as long as any orphan holds it.
struct CapturedStream: ~Copyable {
    let descriptor: Int32

    init(_ name: String) throws(CommandError) {
        descriptor = unsafe memfd_create(name, MFD_CLOEXEC)
        guard descriptor >= 0 else { throw CommandError(call: "memfd_create", reason: errno) }
    }

    deinit { close(descriptor) }

    func text() -> String {
        lseek(descriptor, 0, SEEK_SET)
        return String(decoding: FileBytes.read(descriptor: descriptor), as: UTF8.self)
    }
}
