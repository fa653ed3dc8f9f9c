/// A store of contents whose manifests have all digests, so that no rank publishes a digest table.
package protocol DigestedStore: Store, ~Copyable {}

extension DigestedStore where Self: ~Copyable {
    package mutating func prove(_ content: ContentID, table: PieceDigest) {
        preconditionFailure("what the manifest tells needs no proof")
    }

    package mutating func compare(_ content: ContentID, from first: Int, digests: RawSpan) {
        preconditionFailure("what the manifest tells is not compared")
    }

    package mutating func hear(_ content: ContentID, from first: Int, digests: RawSpan) {
        preconditionFailure("what the manifest tells is heard of nobody")
    }

    package mutating func publish(_ content: ContentID) {
        preconditionFailure("what the manifest tells nobody has to publish")
    }

    package mutating func readRest(of content: ContentID) {
        preconditionFailure("nobody said that it sees more than it has")
    }
}
