import Testing

@testable import Storage

/// A destination belongs to one job at a time.
@Suite struct DestinationClaimTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func isFree(_ path: String) throws -> Bool {
        let claim = try DestinationClaim.take(DestinationPlace(path))
        return claim != nil
    }

    @Test func aDestinationIsTakenOnceUntilItIsReleased() throws {
        let path = scratch.path("out/0")
        do {
            let claim = try DestinationClaim.take(DestinationPlace(path))
            let isTaken = claim != nil
            #expect(isTaken)
            #expect(try !isFree(path))
            #expect(try isFree(scratch.path("out/1")))
            withExtendedLifetime(claim) {}
        }
        #expect(try isFree(path))
    }

    /// On another host that shares the file system, only the lock shows the job.
    @Test(arguments: [("", ".out.mpiswarm-part"), ("out", ".s.mpiswarm-part.1")])
    func aDestinationThatAnotherJobWritesIsTaken(folder: String, part: String) throws {
        let path = scratch.path("out")
        let area = try PartFolder.enter(
            in: folder.isEmpty ? scratch.path : scratch.path(folder), name: part)
        #expect(try !isFree(path))
        #expect(try isFree(scratch.path("other")))
        try area.unlock()
        #expect(try isFree(path), "what an interrupted job left holds up no other")
    }

    /// The folder is created meanwhile, and another path leads to it.
    @Test func aDestinationIsTheSameByEveryPath() throws {
        let claim = try DestinationClaim.take(
            DestinationPlace(scratch.path("real/out/0")))
        try scratch.folder("real")
        try scratch.link("link", to: "real")
        #expect(try !isFree(scratch.path("link/out/0")))
        try scratch.folder("real/out")
        #expect(try !isFree(scratch.path("link/out/0")))
        #expect(try !isFree(scratch.path("real/out/../out/0")))
        let numbers = ["real/out/0", "link/out/0", "real/out/1"].map {
            DestinationPlace(scratch.path($0)).number
        }
        #expect(numbers[0] == numbers[1] && numbers[0] != numbers[2])
        withExtendedLifetime(claim) {}
    }
}
