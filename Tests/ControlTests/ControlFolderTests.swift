import Glibc
import Testing

@testable import Control

/// Where ranks listen, and where users look for them.
final class ControlFolderTests {
    private let path = "/tmp/mpiswarm-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    private var runtime: String { "\(path)/run" }
    private var own: String { "\(path)/mpiswarm-\(geteuid())" }

    init() throws {
        for folder in [path, runtime] { try #require(unsafe mkdir(folder, 0o700) == 0) }
    }

    deinit {
        for folder in ["\(runtime)/mpiswarm", runtime, own, path] { unsafe rmdir(folder) }
    }

    private func folder(runtime: String?) throws(ControlError) -> ControlFolder {
        try ControlFolder(runtimeFolder: runtime, temporaryFolder: path)
    }

    private func jobs(runtime: String?) throws(ControlError) -> [String] {
        try ControlPlace.all(runtimeFolder: runtime, temporaryFolder: path)
            .filter { $0.path.hasPrefix(path) }.map { "\($0.job) \($0.rank)" }
    }

    @Test func aRankListensInTheRuntimeFolder() throws {
        #expect(try folder(runtime: runtime).path == "\(runtime)/mpiswarm")
        #expect(try folder(runtime: nil).path == own)
    }

    /// A batch system hands on the environment of another machine.
    @Test func withoutARuntimeFolderItListensInATemporaryOne() throws {
        #expect(try folder(runtime: "\(path)/elsewhere").path == own)
        for relative in ["", "."] { #expect(try folder(runtime: relative).path == own) }
    }

    @Test func usersFindRanksWithAnotherRuntimeFolder() throws {
        let one = try folder(runtime: runtime).socketPath(job: "a", rank: 2)
        let other = try folder(runtime: nil).socketPath(job: "a", rank: 1)
        let servers = [try LocalSocket.listening(at: one), try LocalSocket.listening(at: other)]
        #expect(try jobs(runtime: runtime) == ["a 1", "a 2"])
        #expect(try jobs(runtime: nil) == ["a 1"])
        #expect(servers.count == 2)
        for path in [one, other] { unsafe unlink(path) }
    }

    @Test func aSocketWithoutAListenerIsAbandoned() throws {
        let folder = try folder(runtime: runtime)
        let paths = (1...2).map { folder.socketPath(job: "a", rank: $0) }
        let living = try LocalSocket.listening(at: paths[0])
        _ = try LocalSocket.listening(at: paths[1])
        #expect(try folder.abandonedSockets() == [paths[1]])
        #expect(living.raw >= 0)
        for path in paths { unsafe unlink(path) }
    }

    /// The next job need not have the name or the ranks of the one that was killed.
    @Test func aRankRemovesTheSocketsOfAllKilledJobs() throws {
        let folder = try folder(runtime: runtime)
        let living = folder.socketPath(job: "living", rank: 1)
        let killed = [("killed", 1), ("killed", 4), ("new", 2)].map {
            folder.socketPath(job: $0.0, rank: $0.1)
        }
        let listener = try LocalSocket.listening(at: living)
        for path in killed { _ = try LocalSocket.listening(at: path) }
        let server = try folder.server(job: "new", rank: 2)
        for path in killed { #expect((unsafe access(path, F_OK) == 0) == (path == killed[2])) }
        #expect(try jobs(runtime: runtime) == ["living 1", "new 2"])
        #expect(throws: ControlError.taken(living)) {
            _ = try folder.server(job: "living", rank: 1)
        }
        _ = consume server
        #expect(try jobs(runtime: runtime) == ["living 1"])
        #expect(listener.raw >= 0)
        unsafe unlink(living)
    }

    @Test func foldersThatOthersCouldHaveMadeAreSkipped() throws {
        try #require(unsafe mkdir(own, 0o777) == 0 && chmod(own, 0o777) == 0)
        #expect(throws: ControlError.unsafeFolder(own)) { try folder(runtime: nil) }
        let safe = try folder(runtime: runtime)
        #expect(
            try ControlFolder.all(runtimeFolder: runtime, temporaryFolder: path).contains(safe))
        #expect(try jobs(runtime: runtime) == [])
    }
}
