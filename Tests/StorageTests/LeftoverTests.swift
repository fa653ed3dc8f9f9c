import Glibc
import Testing

@testable import Storage

/// Each test runs in a process of its own. A process that another test starts holds copies of this
/// process's descriptors until it runs its program, so a file that was closed would still be open.
struct LeftoverTests {
    /// No process has this number: pids end far below it.
    private static let deadSession = "pid.2147483647"

    @Test func leftoversThatNoProcessUsesAreFoundAndRemoved() async {
        await #expect(processExitsWith: .success) {
            let sample = try SampleLeftovers()
            try sample.scratch.put("bytes", "memory/other")
            let session = try sample.makeSession(Self.deadSession)
            let search = sample.search()
            #expect(try sample.found() == [SampleLeftovers.segment, session])
            let leftovers = try search.found()
            for leftover in leftovers { #expect(try search.remove(leftover)) }
            #expect(try sample.scratch.names("memory") == ["other"])
            #expect(try sample.found() == [])
            for leftover in leftovers { #expect(try !search.remove(leftover)) }
        }
    }

    @Test func sharedMemoryThatIsOpenIsLeftAlone() async {
        await #expect(processExitsWith: .success) {
            for flags in [O_RDONLY, O_RDWR] {
                let sample = try SampleLeftovers()
                let leftover = try #require(try sample.search().found().first)
                let file = try OpenFile(
                    opening: sample.scratch.path(SampleLeftovers.segment), flags: flags)
                #expect(try sample.found() == [])
                #expect(try !sample.search().remove(leftover))
                try file.close(path: SampleLeftovers.segment)
                #expect(try sample.found() == [SampleLeftovers.segment])
            }
        }
    }

    /// Open MPI maps the segment and closes the file.
    @Test func sharedMemoryThatIsMappedIsLeftAlone() async {
        await #expect(processExitsWith: .success) {
            let sample = try SampleLeftovers()
            let file = try OpenFile(
                opening: sample.scratch.path(SampleLeftovers.segment), flags: O_RDWR)
            let raw = file.raw
            let memory = unsafe mmap(nil, 5, PROT_READ, MAP_SHARED, raw, 0)
            try file.close(path: SampleLeftovers.segment)
            #expect(try sample.found() == [])
            unsafe munmap(memory, 5)
            #expect(try sample.found() == [SampleLeftovers.segment])
        }
    }

    @Test func filesOfOtherProgramsAreLeftAlone() async {
        await #expect(processExitsWith: .success) {
            let sample = try SampleLeftovers()
            let scratch = sample.scratch
            try scratch.put("bytes", "memory/other")
            try scratch.link("memory/vader_segment.link", to: "other")
            try scratch.folder("memory/vader_segment.folder")
            #expect(unsafe mkfifo(scratch.path("memory/vader_segment.pipe"), 0o600) == 0)
            let segment = scratch.path(SampleLeftovers.segment)
            #expect(unsafe link(segment, scratch.path("memory/twice")) == 0)
            #expect(try sample.found() == [])
            #expect(unsafe unlink(scratch.path("memory/twice")) == 0)
            #expect(try sample.found(as: geteuid() + 1) == [])
            #expect(try sample.found() == [SampleLeftovers.segment])
        }
    }

    @Test func theFolderOfALivingLauncherIsLeftAlone() async {
        await #expect(processExitsWith: .success) {
            let sample = try SampleLeftovers()
            _ = try sample.makeSession("pid.\(getpid())")
            #expect(try sample.found() == [SampleLeftovers.segment])
        }
    }

    @Test func aFolderWithAFileInUseIsLeftAlone() async {
        await #expect(processExitsWith: .success) {
            for name in ["pid.2147483647", "jf.17"] {
                let sample = try SampleLeftovers()
                let session = try sample.makeSession(name)
                let path = sample.scratch.path("\(session)/pmix/shared")
                let file = try OpenFile(opening: path, flags: O_RDONLY)
                #expect(try sample.found() == [SampleLeftovers.segment])
                try file.close(path: path)
                #expect(try sample.found() == [SampleLeftovers.segment, session])
            }
        }
    }

    @Test func aFolderOfAnotherNameIsLeftAlone() async {
        await #expect(processExitsWith: .success) {
            for name in ["pid.x", "pid.-1", "jf", "other.3"] {
                let sample = try SampleLeftovers()
                _ = try sample.makeSession(name)
                #expect(try sample.found() == [SampleLeftovers.segment])
            }
        }
    }

    @Test func aYoungOrAnEmptyFolderIsLeftAlone() async {
        await #expect(processExitsWith: .success) {
            let sample = try SampleLeftovers()
            let session = try sample.makeSession(Self.deadSession)
            let young = sample.now - LeftoverSearch.secondsMin
            #expect(try sample.found(now: young) == [SampleLeftovers.segment])
            #expect(unsafe unlink(sample.scratch.path("\(session)/pmix/shared")) == 0)
            #expect(try sample.found() == [SampleLeftovers.segment])
        }
    }

    @Test func aFolderThatOthersMayWriteToIsLeftAlone() async {
        await #expect(processExitsWith: .success) {
            let sample = try SampleLeftovers()
            let session = try sample.makeSession(Self.deadSession)
            #expect(unsafe chmod(sample.scratch.path(session), 0o722) == 0)
            #expect(try sample.found() == [SampleLeftovers.segment])
        }
    }
}
