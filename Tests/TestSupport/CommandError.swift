/// A command could not even be started, or not be waited for.
package struct CommandError: Error {
    package let call: String
    package let reason: Int32
}
