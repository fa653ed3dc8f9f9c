import Glibc

/// A machine whose invariant is broken stops the process at once. The seed must be printed at that
/// moment: the text is made in advance, because a signal handler may only write.
enum CampaignTrap {
    private static let wordsMax = 4096
    nonisolated(unsafe) private static let words: UnsafeMutableRawPointer =
        .allocate(byteCount: wordsMax, alignment: 1)
    nonisolated(unsafe) private static var wordCount = 0

    /// Sets the text that is printed at a trap; an empty text prints nothing.
    static func announce(_ text: String) {
        let bytes = Array(text.utf8.prefix(wordsMax))
        unsafe bytes.withUnsafeBytes { unsafe words.copyMemory(from: $0) }
        unsafe wordCount = bytes.count
    }

    static func arm() {
        for trap in [SIGILL, SIGTRAP] {
            // The trapping instruction is executed again, now without a handler.
            signal(trap) { trap in
                unsafe _ = write(STDERR_FILENO, CampaignTrap.words, CampaignTrap.wordCount)
                signal(trap, SIG_DFL)
            }
        }
    }
}

extension UnsafeMutableRawPointer {
    @unsafe
    fileprivate func copyMemory(from bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        unsafe copyMemory(from: base, byteCount: bytes.count)
    }
}
