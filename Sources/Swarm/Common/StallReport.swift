/// The stall of a member that lacks no piece, and waits for the publisher's table.
enum StallReport {
    /// Its fingerprint where pieces of the member may be those of another content, until the
    /// publisher has confirmed them: the member must not take the publisher's place.
    static let inDoubt = UInt64.max
}
