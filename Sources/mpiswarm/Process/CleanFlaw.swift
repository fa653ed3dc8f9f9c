import Control
import Storage

/// Why `clean` could not go on.
enum CleanFlaw: Error {
    case sockets(ControlError)
    case files(StorageError)

    var words: String {
        switch self {
        case .sockets(let error): error.sentence
        case .files(let error): sentence(error)
        }
    }
}
