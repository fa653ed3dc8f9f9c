/// Page-aligned memory for one piece: the bytes are received, digested, written and served from
/// here, and never copied. Several threads may hold it. Only the thread that receives the piece
/// writes to it, before any other one holds it.
@safe
package final class PieceBuffer: @unchecked Sendable {
    package let memory: UnsafeMutableRawBufferPointer
    /// The number of bytes of the memory that belong to the piece.
    package let byteCount: Int
    /// The pool that takes the memory back; nil where the memory is the buffer's own.
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

    /// Borrows memory, which returns to its pool when the last holder lets go of the buffer.
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
