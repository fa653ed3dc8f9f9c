import Content

/// An open content. Nothing of it is written or read before the decision whether it fits together
/// with the other contents that come to this host.
struct WaitingTree: Sendable {
    let manifest: TreeManifest
    let part: PartArea
    let source: TreeSource?
    let duty: TreeDuty
}
