import Launch
import Testing

@Suite struct EndingTests {
    /// The layout of the status is the kernel's: the low 7 bits are the signal, 0x80 is "dumped",
    /// the next byte is the exit code.
    @Test(arguments: [
        (0x0000, Ending.exited(code: 0)),
        (0x0700, .exited(code: 7)),
        (0xFF00, .exited(code: 255)),
        (0x0009, .killed(by: .kill)),
        (0x008B, .killed(by: Signal(11))),
    ])
    func aStatusIsDecoded(status: Int, ending: Ending) {
        #expect(Ending(waitStatus: Int32(status)) == ending)
    }

    @Test(arguments: [0x137F, 0xFFFF])
    func aStopIsNotAnEnding(status: Int) {
        #expect(Ending(waitStatus: Int32(status)) == nil)
    }

    @Test func signalsHaveNamesAndExitCodes() {
        #expect("\(Signal.kill)" == "SIGKILL")
        #expect("\(Signal(64))" == "unnamed")
        #expect(Signal.interrupt.exitCode == 130)
        #expect(Signal.terminate.exitCode == 143)
    }
}
