import Glibc

/// A machine whose invariant is broken stops the process where it stands. Which seed that was must
/// be told then and there: the words are made before, because a signal handler may only write.
enum CampaignTrap {
    private static let wordsMax = 4096
    nonisolated(unsafe) private static let words: UnsafeMutableRawPointer =
        .allocate(byteCount: wordsMax, alignment: 1)
    nonisolated(unsafe) private static var wordCount = 0

    /// From now on a trap says this first. Nothing is said after an empty text.
    static func announce(_ text: String) {
        let bytes = Array(text.utf8.prefix(wordsMax))
        unsafe bytes.withUnsafeBytes { unsafe words.copyMemory(from: $0) }
        unsafe wordCount = bytes.count
    }

    static func arm() {
        for trap in [SIGILL, SIGTRAP] {
            // The instruction that trapped comes again, and then nothing is in its way.
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
