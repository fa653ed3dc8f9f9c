/// A value in bencoded bytes, with its position. Texts are ranges and not copies.
package struct BencodeNode: Equatable, Sendable {
    /// From its first byte to its last, markers included.
    package let range: Range<Int>
    package let body: Body

    package enum Body: Equatable, Sendable {
        case integer(Int64)
        /// Without the length and the colon.
        case text(Range<Int>)
        case list([BencodeNode])
        case dictionary([Entry])
    }

    package struct Entry: Equatable, Sendable {
        /// Without the length and the colon.
        package let key: Range<Int>
        package let value: BencodeNode
    }
}
