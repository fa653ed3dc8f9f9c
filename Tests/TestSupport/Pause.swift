import Glibc

/// For tests that watch another process: there is nothing to wait on.
package func pause(_ wait: Duration) {
    let (seconds, attoseconds) = wait.components
    usleep(UInt32(seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
}
