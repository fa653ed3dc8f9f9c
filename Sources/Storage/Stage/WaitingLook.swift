import Vocabulary

/// A content that is only measured, and waits for the decision whether it would fit together with
/// the other contents that would come to this host.
struct WaitingLook: Sendable {
    let opened: OpenedContent
    let room: PartRoom
}
