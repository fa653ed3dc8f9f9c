import Control
import Glibc
import Launch
import Storage

/// Why a rank of `serve` cannot begin, and how that is said in one line.
enum ServeError: Error {
    case unreadable(String, StorageError)
    case unwritable(String, StorageError)
    case deaf(ControlError)
    case launch(LaunchError)

    var sentence: String {
        switch self {
        case .unreadable(let path, let error): "\(path): cannot be read: \(error.reason)"
        case .unwritable(let path, let error): "\(path): cannot be written to: \(error.reason)"
        case .deaf(let error): error.sentence
        case .launch(let error): "\(error)"
        }
    }
}

extension ControlError {
    var sentence: String {
        switch self {
        case .system(let call, let path, let errno):
            "\(path): \(call): \(unsafe String(cString: strerror(errno)))"
        case .unsafeFolder(let path): "\(path): belongs to another user, or others may enter it"
        case .pathTooLong(let path): "\(path): too long for a socket; take a shorter --job"
        case .taken(let path): "\(path): a job of this name runs on this machine already"
        case .hungUp: "the job has ended, or hung up"
        }
    }
}
