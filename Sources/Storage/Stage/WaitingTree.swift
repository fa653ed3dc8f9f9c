import Content

/// A content that is opened, and of which nothing is written or read before it is known whether
/// there is room for it beside what else comes to this host.
struct WaitingTree: Sendable {
    let manifest: TreeManifest
    let part: PartArea
    let source: TreeSource?
    let duty: TreeDuty
}
