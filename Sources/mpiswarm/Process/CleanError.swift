import Control
import Storage

/// The reason why `clean` could not continue.
enum CleanError: Error {
    case sockets(ControlError)
    case files(StorageError)

    var words: String {
        switch self {
        case .sockets(let error): error.sentence
        case .files(let error): sentence(error)
        }
    }
}
