import CLinux
import Glibc
import Launch
import Testing

@Suite struct ErrorCarrierTests {
    private func pipe() throws -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe2(&ends, O_CLOEXEC) == 0)
        return (ends[0], ends[1])
    }

    /// The writer's pipe and the reader's hold 64 KiB each: it would wait for ever.
    @Test(.timeLimit(.minutes(1)))
    func messagesThatAreNotReadHoldUpNoWriter() throws {
        let (input, stop, output) = (try pipe(), try pipe(), try pipe())
        #expect(fcntl(input.reader, F_SETFL, O_NONBLOCK) == 0)
        let carrier = ErrorCarrier(
            input: input.reader, stop: stop.reader, output: output.writer, lastMilliseconds: -1)
        let thread = try NamedThread(name: "carrier", carrier) { carrier in
            let writer = carrier.output
            carrier.work()
            close(writer)
        }
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1023) + [UInt8(ascii: "\n")]
        for _ in 0..<4096 { #expect(unsafe write(input.writer, line, line.count) == line.count) }
        close(input.writer)
        close(stop.writer)
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe read(output.reader, &buffer, buffer.count)
            guard count > 0 else { break }
            all += buffer[..<count]
        }
        try thread.join()
        close(output.reader)
        let text = String(decoding: all, as: UTF8.self)
        #expect(all.count <= ErrorCarrier.waitingMax + (256 << 10))
        #expect(text.hasSuffix(" bytes of standard error were dropped\n"))
        let first = text.split(separator: "\n").first
        #expect(first == Substring(String(repeating: "x", count: 1023)))
    }
}
