import Storage

/// These words are printed by `stage` and `sbcast`, whose options differ.
extension StorageError.ExecutableFlaw {
    var words: String {
        switch self {
        case .noExecutable: "it is no executable or library in the format ELF"
        case .script(let interpreter):
            "it is a script of \(harmless(interpreter)): name the executable itself"
        case .otherMachine(let name, let own):
            "it is for another processor (\(name)); this node has \(own)"
        case .damaged: "it is cut off or damaged: its list of libraries cannot be read"
        case .notFound(let name, let user):
            "\(harmless(name)), which \(harmless(user)) needs, is not found; set LD_LIBRARY_PATH"
        case .tooManyLibraries(let most): "it needs more than \(most) libraries"
        case .belongsToNode:
            "it is a part of the C library, or a driver, and each node has its own: leave it out"
        }
    }
}
