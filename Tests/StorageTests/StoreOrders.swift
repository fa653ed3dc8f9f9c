import Vocabulary

extension Store where Self: ~Copyable {
    mutating func perform(_ order: StoreOrder, bytes: [UInt8] = []) {
        unsafe perform(order, bytes: bytes.span.bytes)
    }
}
