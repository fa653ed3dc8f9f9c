/// What is to become of the paths that a pattern matches.
package struct FilterRule: Hashable, Sendable {
    package let excludes: Bool
    package let pattern: GlobPattern

    package init(excludes: Bool, _ pattern: GlobPattern) {
        self.excludes = excludes
        self.pattern = pattern
    }
}
