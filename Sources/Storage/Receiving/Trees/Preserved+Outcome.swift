import Content

extension Preserved {
    /// What came of setting it: neither is a reason to fail, and both are told.
    struct Outcome {
        var isOwned = true
        var hasAttributes = true

        var isWhole: Bool { isOwned && hasAttributes }
    }
}
