import Vocabulary

extension RawSpan {
    /// The module's one unsafe expression: unaligned, yet bounds-checked by the callee.
    @inline(__always)
    func field<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> T {
        T(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: T.self))
    }
}

extension MutableRawSpan {
    @inline(__always)
    mutating func setField<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: T.self)
    }
}
