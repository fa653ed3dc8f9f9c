import Glibc
import Launch
import Testing

@Suite struct PosixTests {
    @Test func aResultPassesThrough() throws {
        #expect(try posix("answer") { 42 } == 42)
    }

    @Test func aFailureCarriesItsNameAndReason() {
        #expect(throws: LaunchError.call("close", errno: EBADF)) {
            try posix("close") { close(-1) }
        }
    }

    @Test func anInterruptedCallIsMadeAgain() throws {
        var calls = 0
        let result = try posix("slow") {
            calls += 1
            errno = EINTR
            return calls < 3 ? -1 : calls
        }
        #expect(result == 3)
    }
}
