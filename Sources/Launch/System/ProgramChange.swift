import Glibc

/// The change of this process into another program.
package enum ProgramChange {
    /// Becomes the program whose name, found in `PATH`, is the first of `words`. Returns only with
    /// an error.
    package static func become(_ words: [String]) throws(LaunchError) {
        precondition(!words.isEmpty, "a program has a name")
        var pointers = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { while let pointer = unsafe pointers.popLast() { unsafe free(pointer) } }
        try posix("execvp \(words[0])") { unsafe execvp(words[0], &pointers) }
    }
}
