import Vocabulary

/// A content of which it is only asked what would be fetched, and of which it is not known yet
/// whether there would be room for it beside what else would come to this host.
struct WaitingLook: Sendable {
    let opened: OpenedContent
    let room: PartRoom
}
