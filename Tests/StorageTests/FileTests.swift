import Glibc
import Testing
import Vocabulary

@testable import Storage

@Suite struct FileTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(arguments: [0, 1, 4095, 4096, 100_000])
    func filesAreReadWhole(byteCount: Int) throws {
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) }
        try scratch.put(bytes, "f")
        #expect(try readWhole(path: scratch.path("f")) == bytes)
    }

    /// Files of the kernel report a length of 0.
    @Test func filesOfReportedLengthZeroAreReadWhole() throws {
        #expect(try !readWhole(path: "/proc/self/status").isEmpty)
    }

    @Test func sizesAreBounded() throws {
        try scratch.put("12345", "f")
        let path = scratch.path("f")
        #expect(try readWhole(path: path, byteCountMax: 5).count == 5)
        #expect(throws: StorageError.tooLong(path: path, byteCountMax: 4)) {
            try readWhole(path: path, byteCountMax: 4)
        }
        #expect(throws: StorageError.tooLong(path: "/proc/self/status", byteCountMax: 4)) {
            try readWhole(path: "/proc/self/status", byteCountMax: 4)
        }
    }

    @Test func onlyFilesAreRead() throws {
        let missing = scratch.path("missing")
        #expect(throws: StorageError.system(call: "open", path: missing, errno: ENOENT)) {
            try readWhole(path: missing)
        }
        #expect(throws: StorageError.notAFile(path: scratch.path)) {
            try readWhole(path: scratch.path)
        }
        let pipe = scratch.path("pipe")
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        #expect(throws: StorageError.notAFile(path: pipe)) { try readWhole(path: pipe) }
    }

    @Test func aFullDiskIsReported() throws {
        let full = try OpenFile(opening: "/dev/full", flags: O_WRONLY)
        let bytes: [UInt8] = [1]
        let error = #expect(throws: StorageError.self) {
            try unsafe full.write(bytes.span.bytes, path: "/dev/full")
        }
        #expect(error == .system(call: "write", path: "/dev/full", errno: ENOSPC))
        #expect(error?.failure == .noSpace)
    }

    @Test(arguments: [
        (ENOSPC, StoreError.noSpace), (EDQUOT, .noSpace),
        (EACCES, .notPermitted(errno: EACCES)), (EROFS, .notPermitted(errno: EROFS)),
        (EIO, .failing(errno: EIO)),
    ])
    func failuresAreDistinguished(code: Int32, failure: StoreError) {
        #expect(StorageError.system(call: "write", path: "", errno: code).failure == failure)
    }

    @Test func temporaryNamesRunOut() throws {
        for attempt in 0..<TemporaryFile.attemptsMax {
            try scratch.put("", "\(TemporaryFile.beginning("client1"))\(getpid()).\(attempt).part")
        }
        #expect(throws: StorageError.noFreeName(path: scratch.path)) {
            _ = try OutputFolder(path: scratch.path, prefix: "client1")
        }
    }

    /// The parent of a killed rank may have died first, and another process takes its time to note
    /// the death.
    @Test func filesOfAProcessThatHasEndedUnnoticedAreRemoved() throws {
        var process: pid_t = 0
        var status = unsafe siginfo_t()
        let words: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("true"), nil]
        defer { unsafe free(words[0]) }
        try #require(unsafe posix_spawn(&process, "/bin/true", nil, nil, words, nil) == 0)
        try #require(unsafe waitid(P_PID, id_t(process), &status, WEXITED | WNOWAIT) == 0)
        defer { waitpid(process, nil, 0) }
        // The prefix is that of a rank of `serve`.
        let prefix = "mpiswarm.3"
        let beginning = TemporaryFile.beginning(prefix)
        let ofALiving = "\(beginning)\(getppid()).0.part"
        let ofAnotherHost = ".\(prefix).another.\(process).0.part"
        for name in ["\(beginning)\(process).0.part", ofALiving, ofAnotherHost] {
            try scratch.put("", name)
        }
        _ = try OutputFolder(path: scratch.path, prefix: prefix)
        #expect(try scratch.names() == [ofALiving, ofAnotherHost].sorted())
    }

    @Test func aFailureWhileWritingLeavesWhatWasThere() throws {
        try scratch.put("old", "client1_x")
        let folder = try OutputFolder(path: scratch.path, prefix: "client1")
        let failure = StorageError.system(call: "write", path: "", errno: ENOSPC)
        #expect(throws: failure) {
            let bytes: [UInt8] = [1, 2, 3]
            try folder.write(RelativePath("client1_x")) { file throws(StorageError) in
                try unsafe file.write(bytes.span.bytes)
                throw failure
            }
        }
        #expect(try scratch.names() == ["client1_x"])
        #expect(try scratch.text("client1_x") == "old")
    }
}
