import Glibc

/// The change of this process into another program.
package enum ProgramChange {
    /// Returns only with an error. `words` begin with a name that `PATH` leads to.
    package static func become(_ words: [String]) throws(LaunchError) {
        precondition(!words.isEmpty, "a program has a name")
        var pointers = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { while let pointer = unsafe pointers.popLast() { unsafe free(pointer) } }
        try posix("execvp \(words[0])") { unsafe execvp(words[0], &pointers) }
    }
}
