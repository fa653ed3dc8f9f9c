import Glibc

@testable import Storage

/// The leftovers of killed jobs, in folders of the test: a segment of shared memory from the start.
struct SampleLeftovers {
    let scratch: Scratch
    let now: Int64
    private static let host = "n7"
    static let segment = "memory/vader_segment.n7.1.5e910001.0"

    init() throws {
        scratch = try Scratch()
        try scratch.folder("memory")
        try scratch.put("bytes", Self.segment)
        try scratch.folder("tmp")
        now = Int64(time(nil)) + LeftoverSearch.secondsMin + 1
    }

    func search(as user: UInt32 = geteuid(), now: Int64? = nil) -> LeftoverSearch {
        LeftoverSearch(
            user: user, host: "\(Self.host).example", temporaryFolders: [scratch.path("tmp")],
            memoryFolder: scratch.path("memory"), now: now ?? self.now)
    }

    func found(as user: UInt32 = geteuid(), now: Int64? = nil) throws -> [String] {
        try search(as: user, now: now).found().map {
            String($0.path.dropFirst(scratch.path.count + 1))
        }
    }

    /// The folder of an mpirun, with the files that it maps while it lives.
    func makeSession(_ name: String) throws -> String {
        let path = "tmp/ompi.\(Self.host).\(geteuid())"
        try scratch.folder("\(path)/\(name)/pmix")
        try scratch.folder("\(path)/\(name)/1/0")
        for folder in [path, "\(path)/\(name)"] {
            try posix("chmod", folder) { unsafe chmod(scratch.path(folder), 0o700) }
        }
        try scratch.put("segment", "\(path)/\(name)/pmix/shared")
        return "\(path)/\(name)"
    }
}
