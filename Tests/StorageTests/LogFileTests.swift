import Glibc
import Testing

@testable import Storage

struct LogFileTests {
    private let scratch: Scratch
    private var file: LogFile { LogFile(path: scratch.path("log")) }

    init() throws { scratch = try Scratch() }

    @Test func linesAreAddedToWhatIsThere() throws {
        try scratch.put("earlier\n", "log")
        try file.create()
        #expect(try scratch.text("log") == "earlier\n")
        try file.append("one\n")
        try file.append("two\n")
        #expect(try scratch.text("log") == "earlier\none\ntwo\n")
    }

    @Test func aFileThatWasMovedAwayIsCreatedAgain() throws {
        try file.append("one\n")
        unsafe rename(scratch.path("log"), scratch.path("log.1"))
        try file.append("two\n")
        #expect(try scratch.text("log.1") == "one\n")
        #expect(try scratch.text("log") == "two\n")
    }

    /// Opening a pipe that has no reader would block.
    @Test func onlyFilesAreAppendedTo() throws {
        unsafe mkfifo(scratch.path("pipe"), 0o600)
        try scratch.folder("folder")
        for path in ["pipe", "folder", "missing/b"].map(scratch.path) + ["/dev/full"] {
            #expect(throws: StorageError.self) { try LogFile(path: path).create() }
        }
    }

    /// A pipe with a reader can be opened, and its reader may stop reading.
    @Test func aPipeWithAReaderIsRefused() throws {
        let path = scratch.path("pipe")
        unsafe mkfifo(path, 0o600)
        let reader = unsafe open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        #expect(throws: StorageError.notAFile(path: path)) {
            try LogFile(path: path).create()
        }
    }
}
