import Vocabulary

/// The contents that wait for the decision on their room.
struct WaitingContents: Sendable {
    var trees: [ContentID: WaitingTree] = [:]
    /// Those that are only measured.
    var looks: [ContentID: WaitingLook] = [:]

    mutating func takeTree(_ content: ContentID) -> WaitingTree? {
        trees.removeValue(forKey: content)
    }
}
