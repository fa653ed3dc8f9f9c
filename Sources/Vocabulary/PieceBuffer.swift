/// Page-aligned memory for one piece: the bytes are received, digested, written and served from
/// here, and never copied. Many may hold it; only who received it writes to it, and before anyone
/// else holds it.
@safe
package final class PieceBuffer: @unchecked Sendable {
    package let memory: UnsafeMutableRawBufferPointer
    /// How many bytes of the memory are the piece's.
    package let byteCount: Int
    /// Takes the memory back; nil where it is the buffer's own.
    private let home: (any BufferHome)?

    package static let alignment = 4096

    package init(byteCount: Int) {
        precondition(byteCount >= 0, "a buffer's size is never negative")
        let pages = max(1, (byteCount + Self.alignment - 1) / Self.alignment)
        unsafe memory = .allocate(
            byteCount: pages * Self.alignment, alignment: Self.alignment)
        self.byteCount = byteCount
        home = nil
    }

    /// Borrows memory, which goes back to its home when nobody holds the buffer any more.
    @unsafe
    package init(
        lent memory: UnsafeMutableRawBufferPointer, byteCount: Int, by home: any BufferHome
    ) {
        precondition((0...memory.count).contains(byteCount), "a piece fits into its memory")
        unsafe self.memory = memory
        self.byteCount = byteCount
        self.home = home
    }

    package convenience init(copying bytes: RawSpan) {
        self.init(byteCount: bytes.byteCount)
        for offset in 0..<bytes.byteCount {
            unsafe memory[offset] = bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: offset, as: UInt8.self)
        }
    }

    deinit {
        if let home { unsafe home.takeBack(memory) } else { unsafe memory.deallocate() }
    }

    package func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: memory[..<byteCount])
        return try unsafe body(RawSpan(_unsafeBytes: bytes))
    }
}

/// Lends memory to buffers. Any thread may give it back.
package protocol BufferHome: AnyObject, Sendable {
    func takeBack(_ memory: UnsafeMutableRawBufferPointer)
}
