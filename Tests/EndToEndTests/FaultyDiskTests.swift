import TestSupport
import Testing

/// Jobs in which the disk of one rank fails while the bytes move.
@Suite(.serialized, .waitsForProcesses)
struct FaultyDiskTests {
    private static let byteCount = 20_000_000

    private func place() throws -> StagePlace {
        let place = try StagePlace()
        try place.shell("mkdir t && head -c \(Self.byteCount) /dev/urandom > t/f && echo x > t/x")
        return place
    }

    /// Stages `t` onto four ranks, the disk of one of which fails below `folder`.
    private func stage(
        in place: StagePlace, from sources: String, failing rank: Int, below folder: String,
        _ settings: String...
    ) throws -> StageResult {
        let shim = try Shim.faultyDisk(in: place)
        let environment =
            shim.environment(
                "FAULTY_DISK_RANK=\(rank)", "FAULTY_DISK_UNDER=\(place.full(folder))")
            + settings.map { "FAULTY_DISK_\($0)" }
        return try place.stage(
            4, all: ["--sources=\(sources)", "--limit-rate", "400M", "./t", "./o{rank}"],
            environment: environment)
    }

    @Test(arguments: [
        ("pwrite", "EIO", "Input/output error"),
        ("pwrite", "ENOSPC", "No space left on device"),
        ("ftruncate", "EIO", "Input/output error"),
    ])
    func aReceiverWhoseDiskFailsIsOneLineAndTheOthersFinish(
        call: String, error: String, words: String
    ) throws {
        let place = try place()
        let result = try stage(
            in: place, from: "0", failing: 2, below: "./", "CALLS=\(call)", "HOW=\(error)",
            call == "pwrite" ? "FROM=20" : "FROM=1")
        #expect(result.status == 1)
        #expect(result.lines.count == 1, "\(result.lines)")
        let line = try #require(result.lines.first)
        #expect(line.contains("rank 2: ") && line.hasSuffix(": \(words)"), "\(line)")
        #expect(line.contains("\(place.path)/.o2.mpiswarm-part"), "\(line)")
        for rank in [0, 1, 3] { try place.expectSame("t", "o\(rank)") }
        #expect(try !place.exists("o2"))
    }

    @Test func aDiskThatTransfersLessThanAskedLosesNothing() throws {
        let place = try place()
        let result = try stage(
            in: place, from: "0", failing: 2, below: "./", "CALLS=pread,pwrite", "HOW=short")
        #expect(result.status == 0, "\(result.lines)")
        for rank in 0..<4 { try place.expectSame("t", "o\(rank)") }
    }

    /// Two read the source, and the file of one of them fails: it is named, and the other serves.
    @Test func anotherSourceServesWhatAFailingOneCannotRead() throws {
        let place = try place()
        let result = try stage(
            in: place, from: "0,1", failing: 0, below: "./t", "CALLS=pread", "FROM=10")
        #expect(result.status == 1)
        #expect(result.lines.count == 1, "\(result.lines)")
        let line = try #require(result.lines.first)
        #expect(line.contains("rank 0: ") && line.hasSuffix("t/f: Input/output error"), "\(line)")
        for rank in 1..<4 { try place.expectSame("t", "o\(rank)") }
        #expect(try !place.exists("o0"))
    }

    /// No other rank has it: the file is named once, and no part of it gets a name.
    @Test(arguments: [("EIO", "Input/output error"), ("end", "when it was listed")])
    func withoutItsOnlySourceNothingIsNamed(how: String, words: String) throws {
        let place = try place()
        let result = try stage(
            in: place, from: "1", failing: 1, below: "./t", "CALLS=pread", "FROM=10",
            "HOW=\(how)")
        #expect(result.status == 1)
        let line = try #require(result.lines.first { $0.contains("rank 1: ") })
        #expect(line.contains("t/f: ") && line.hasSuffix(words), "\(line)")
        for rank in 0..<4 { #expect(try !place.exists("o\(rank)")) }
    }
}
