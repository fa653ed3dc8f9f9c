import Content

extension Preserved {
    /// The result of setting owner and attributes: neither part is a failure, and both are
    /// reported.
    struct Outcome {
        var isOwned = true
        var hasAttributes = true

        var isWhole: Bool { isOwned && hasAttributes }
    }
}
