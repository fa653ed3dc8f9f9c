import Wire

/// The work of both threads of this rank. That of the upload thread is as it was a few milliseconds
/// ago.
struct WorkAccount: Sendable {
    var own = WorkTotals()
    var uploader = WorkTotals()

    var sum: WorkTotals {
        var sum = own
        sum += uploader
        return sum
    }
}
