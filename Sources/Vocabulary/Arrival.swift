/// One message that has come in, still in the buffer in which it arrived. The thread that takes it
/// from a transport gives it back to the same transport.
@safe
package struct Arrival: ~Copyable {
    package let source: Rank
    package let tag: Tag
    package let slot: Int
    private let memory: UnsafeRawBufferPointer

    /// `memory` must stay valid until the arrival is given back.
    @unsafe
    package init(source: Rank, tag: Tag, slot: Int, memory: UnsafeRawBufferPointer) {
        self.source = source
        self.tag = tag
        self.slot = slot
        unsafe self.memory = memory
    }

    package func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(RawSpan(_unsafeBytes: memory))
    }
}
