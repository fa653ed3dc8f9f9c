/// What a command line comes to.
package enum Outcome: Hashable, Sendable {
    /// A text for standard output, and success.
    case answer(String)
    case request(Request)
}
