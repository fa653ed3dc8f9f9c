/// The meaning of a command line.
package enum Outcome: Hashable, Sendable {
    /// A text for standard output, and success.
    case answer(String)
    case request(Request)
}
