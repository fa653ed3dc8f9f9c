import Launch
import Testing

@Suite struct ErrorFilterTests {
    private static let transport =
        "[n3][[33222,1],3][../../opal/mca/btl/tcp/btl_tcp_frag.c:135:send] writev failed (104)\n"

    /// The text arrives in chunks of this many bytes.
    private func filtered(_ text: String, by chunk: Int) -> String {
        var filter = ErrorFilter()
        let bytes = Array(text.utf8)
        var passed: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            passed += filter.pass(bytes[start..<min(start + chunk, bytes.count)])
        }
        return String(decoding: passed + filter.finish(), as: UTF8.self)
    }

    @Test(arguments: [1, 7, 4096])
    func linesOfTheTransportAreLeftOut(chunk: Int) {
        let text =
            "mpiswarm: one\n" + Self.transport + "\tConnection reset by peer(1)\n\ttwo\n"
            + "[n3:20] PMIX ERROR: BAD-PARAM in file event.c at line 3\nthree\n"
        #expect(filtered(text, by: chunk) == "mpiswarm: one\nthree\n")
    }

    @Test(arguments: [
        "Fatal error: Index out of range\n\t0x1 main\n[vm:7] *** Process received signal ***\n",
        "==7==ERROR: AddressSanitizer: heap-use-after-free\n[1] [2][[3]] btl_tcp_frag.c:1\n",
        "[n3][[6,1],3][pml_ob1.c:5:f] failed\n[n3:2] PMIX ERROR: TIMEOUT\n", "[", "[x", "\n\n", "",
    ])
    func everythingThatIsNotSurelyNoisePasses(text: String) {
        for chunk in [1, 5, 4096] { #expect(filtered(text, by: chunk) == text) }
    }

    /// A line that has no end yet is shown as it comes, unless it could be noise.
    @Test func aLineWithoutAnEndIsNotHeldBack() {
        var filter = ErrorFilter()
        #expect(filter.pass(Array("12 %".utf8)) == Array("12 %".utf8))
        #expect(filter.pass(Array("\r13 %\n[".utf8)) == Array("\r13 %\n".utf8))
        #expect(filter.finish() == Array("[".utf8))
    }

    /// What is held is bounded, and what is too long is decided once for the whole line.
    @Test func aLineThatIsTooLongIsDecidedByItsBeginning() {
        let long = String(repeating: "x", count: 3 * ErrorFilter.heldMax)
        let noise = Self.transport.dropLast() + long + "\n"
        #expect(filtered("[\(long)\n\(noise)end\n", by: 100) == "[\(long)\nend\n")
    }
}
