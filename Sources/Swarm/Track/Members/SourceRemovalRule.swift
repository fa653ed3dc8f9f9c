/// When a rank may remove its source, which was collected.
package enum SourceRemovalRule: Sendable {
    case never
    /// When all that is collected from this rank has its final names.
    case forEach
    /// When all that is collected from any rank has its final names, and the command that follows
    /// has succeeded.
    case together
}
