import Glibc
import Testing

@testable import CommandLine

struct StandardStreamTests {
    /// The text is many times what a pipe holds, and the pipe refuses instead of waiting.
    @Test func aLongTextGoesThroughAPipeThatDoesNotBlock() throws {
        let count = 4_000_000
        guard let reader = unsafe popen("test $(wc -c) = \(count)", "w") else {
            Issue.record("no shell could be started")
            return
        }
        let descriptor = unsafe fileno(reader)
        try #require(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
        try writeAll([UInt8](repeating: 0x78, count: count), to: descriptor)
        #expect(unsafe pclose(reader) == 0)
    }

    /// SIGPIPE stays ignored, since other tests of the process may be writing to pipes too.
    @Test func aReaderWhoIsGoneIsReported() throws {
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
        close(ends[0])
        signal(SIGPIPE, SIG_IGN)
        #expect(throws: StandardStream.WriteError.readerGone) { try writeAll([0x78], to: ends[1]) }
        close(ends[1])
    }

    @Test func aFullDeviceIsReported() throws {
        let descriptor = unsafe open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        #expect(throws: StandardStream.WriteError.failed(errno: ENOSPC)) {
            try writeAll([0x78], to: descriptor)
        }
        close(descriptor)
    }
}
