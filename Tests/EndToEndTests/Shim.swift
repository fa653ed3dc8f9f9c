import TestSupport
import Testing

/// A library of `Tests/Cluster` that is loaded before all others into every rank of a job, and does
/// harm on the rank that its own variables name.
struct Shim {
    private let path: String

    /// Makes calls on files fail.
    static func faultyDisk(in place: StagePlace) throws -> Shim {
        try Shim("faulty_disk", in: place)
    }

    /// Spoils what a rank sends.
    static func wrongRank(in place: StagePlace) throws -> Shim {
        try Shim("wrong_rank", in: place)
    }

    /// Kills a rank that is about to print certain words.
    static func diesAtWords(in place: StagePlace) throws -> Shim {
        try Shim("dies_at_words", in: place)
    }

    private init(_ name: String, in place: StagePlace) throws {
        path = "\(place.path)/\(name).so"
        let source = "\(Folders.repository)/Tests/Cluster/\(name).c"
        try place.shell(
            "mpicc -shared -fPIC -O2 -Wall -Wextra -Werror -o \"$1\" \"$2\" -ldl", path, source)
    }

    /// What the job has in its environment.
    func environment(_ settings: String...) -> [String] { ["LD_PRELOAD=\(path)"] + settings }
}
