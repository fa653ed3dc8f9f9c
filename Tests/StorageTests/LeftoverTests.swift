import Glibc
import Testing

@testable import Storage

/// The leftovers of a killed job, in folders of the test.
struct LeftoverTests {
    private let scratch: Scratch
    private let now: Int64
    private static let host = "n7"
    private static let segment = "memory/vader_segment.n7.1.5e910001.0"

    init() throws {
        scratch = try Scratch()
        try scratch.folder("memory")
        try scratch.folder("tmp")
        now = Int64(time(nil)) + LeftoverSearch.secondsMin + 1
    }

    private func search(as user: UInt32 = geteuid(), now: Int64? = nil) -> LeftoverSearch {
        LeftoverSearch(
            user: user, host: "\(Self.host).example", temporaryFolders: [scratch.path("tmp")],
            memoryFolder: scratch.path("memory"), now: now ?? self.now)
    }

    private func found(as user: UInt32 = geteuid(), now: Int64? = nil) throws -> [String] {
        try search(as: user, now: now).found().map {
            String($0.path.dropFirst(scratch.path.count + 1))
        }
    }

    /// Expects these to be found soon: a process that another test is starting holds copies of our
    /// descriptors until it runs its program.
    private func expectFound(_ names: [String]) throws {
        for _ in 0..<1000 {
            if try found() == names { return }
            sched_yield()
        }
        #expect(try found() == names)
    }

    /// The folder of an mpirun, with the files that it maps while it lives.
    private func makeSession(_ name: String) throws -> String {
        let path = "tmp/ompi.\(Self.host).\(geteuid())"
        try scratch.folder("\(path)/\(name)/pmix")
        try scratch.folder("\(path)/\(name)/1/0")
        #expect(unsafe chmod(scratch.path(path), 0o700) == 0)
        #expect(unsafe chmod(scratch.path("\(path)/\(name)"), 0o700) == 0)
        try scratch.put("segment", "\(path)/\(name)/pmix/shared")
        return "\(path)/\(name)"
    }

    /// No process has this number: pids end far below it.
    private let deadSession = "pid.2147483647"

    @Test func leftoversThatNoProcessUsesAreFoundAndRemoved() throws {
        try scratch.put("bytes", Self.segment)
        try scratch.put("bytes", "memory/other")
        let session = try makeSession(deadSession)
        let search = search()
        try expectFound([Self.segment, session])
        let leftovers = try search.found()
        for leftover in leftovers { #expect(try search.remove(leftover)) }
        #expect(try scratch.names("memory") == ["other"])
        #expect(try found() == [])
        for leftover in leftovers { #expect(try !search.remove(leftover)) }
    }

    @Test(arguments: [O_RDONLY, O_RDWR])
    func sharedMemoryThatIsOpenIsLeftAlone(flags: Int32) throws {
        try scratch.put("bytes", Self.segment)
        try expectFound([Self.segment])
        let leftover = try #require(try search().found().first)
        let file = try OpenFile(opening: scratch.path(Self.segment), flags: flags)
        #expect(try found() == [])
        #expect(try !search().remove(leftover))
        try file.close(path: Self.segment)
        try expectFound([Self.segment])
    }

    /// Open MPI maps the segment and closes the file.
    @Test func sharedMemoryThatIsMappedIsLeftAlone() throws {
        try scratch.put("bytes", Self.segment)
        let file = try OpenFile(opening: scratch.path(Self.segment), flags: O_RDWR)
        let raw = file.raw
        let memory = unsafe mmap(nil, 5, PROT_READ, MAP_SHARED, raw, 0)
        try file.close(path: Self.segment)
        #expect(try found() == [])
        unsafe munmap(memory, 5)
        try expectFound([Self.segment])
    }

    @Test func filesOfOtherProgramsAreLeftAlone() throws {
        try scratch.put("bytes", "memory/other")
        try scratch.link("memory/vader_segment.link", to: "other")
        try scratch.folder("memory/vader_segment.folder")
        #expect(unsafe mkfifo(scratch.path("memory/vader_segment.pipe"), 0o600) == 0)
        try scratch.put("bytes", Self.segment)
        #expect(unsafe link(scratch.path(Self.segment), scratch.path("memory/twice")) == 0)
        #expect(try found() == [])
        #expect(unsafe unlink(scratch.path("memory/twice")) == 0)
        #expect(try found(as: geteuid() + 1) == [])
        try expectFound([Self.segment])
    }

    @Test func theFolderOfALivingLauncherIsLeftAlone() throws {
        _ = try makeSession("pid.\(getpid())")
        #expect(try found() == [])
    }

    @Test(arguments: ["pid.2147483647", "jf.17"])
    func aFolderWithAFileInUseIsLeftAlone(name: String) throws {
        let session = try makeSession(name)
        let path = scratch.path("\(session)/pmix/shared")
        let file = try OpenFile(opening: path, flags: O_RDONLY)
        #expect(try found() == [])
        try file.close(path: path)
        try expectFound([session])
    }

    @Test(arguments: ["pid.x", "pid.-1", "jf", "other.3"])
    func aFolderOfAnotherNameIsLeftAlone(name: String) throws {
        _ = try makeSession(name)
        #expect(try found() == [])
    }

    @Test func aYoungOrAnEmptyFolderIsLeftAlone() throws {
        let session = try makeSession(deadSession)
        #expect(try found(now: now - LeftoverSearch.secondsMin) == [])
        #expect(unsafe unlink(scratch.path("\(session)/pmix/shared")) == 0)
        #expect(try found() == [])
    }

    @Test func aFolderThatOthersMayWriteToIsLeftAlone() throws {
        let session = try makeSession(deadSession)
        #expect(unsafe chmod(scratch.path(session), 0o722) == 0)
        #expect(try found() == [])
    }
}
