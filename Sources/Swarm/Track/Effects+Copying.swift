import Vocabulary
import Wire

extension Effects {
    /// Copies the tail of a message that came in, to pass it on.
    mutating func copy(_ tail: RawSpan) -> Tail {
        do throws(WireError) {
            let bytes = try tail.readBytes(tail.byteCount)
            return self.tail { $0 += bytes }
        } catch { preconditionFailure("the whole of a tail can be read") }
    }
}
