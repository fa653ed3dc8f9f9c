/// The place and the reason for which bytes are not bencoded. Positions count from 0.
package struct BencodeError: Error, Equatable, Sendable {
    package let position: Int
    package let flaw: BencodeFlaw
}

package enum BencodeFlaw: Equatable, Sendable {
    /// The bytes end within a value.
    case ended
    /// No value begins with this byte.
    case notAValue(UInt8)
    /// Not written as the one form allows: `-0`, `007`, `i e`.
    case notANumber
    /// More than 63 bits.
    case numberTooLarge
    /// A text that says to be longer than what follows.
    case textTooLong
    case keyNotText
    case keyTwice
    case keysOutOfOrder
    case tooDeep(most: Int)
    case tooManyValues(most: Int)
    /// Something after the value.
    case trailing
}
