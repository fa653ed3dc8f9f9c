import Content
import Vocabulary

/// The parts of an archive's tree at one rank, and the pieces of the tree that came with them.
struct SimulatedParts {
    private var names = PartNames()
    private var numbers: [ContentID: Int] = [:]
    private var whole: ContentID?
    private var taken = PieceSet(none: 0)

    /// Nil for a content that is no part.
    func number(of content: ContentID) -> Int? { numbers[content] }

    /// Notes a part. Returns false if another part has one of its files.
    mutating func describes(
        _ number: Int, _ content: ContentID, _ manifest: TreeManifest
    ) -> Bool {
        numbers[content] = number
        return names.describes(number, manifest)
    }

    /// Whether the files of proven parts are those of the tree.
    func prove(count: Int) -> Bool { names.provesFiles(ofParts: count) }

    /// The whole tree is known.
    mutating func begin(_ tree: ContentID, pieceCount: Int) {
        whole = tree
        taken = PieceSet(none: pieceCount)
    }

    /// The pieces that came with parts; nil for a content that has no parts.
    func taken(by content: ContentID) -> PieceSet? { content == whole ? taken : nil }

    func wasTaken(_ piece: PieceIndex, by content: ContentID) -> Bool {
        taken(by: content)?.contains(piece) == true
    }

    mutating func take(_ piece: PieceIndex) { taken.insert(piece) }

    /// Returns false if the piece did not come with a part.
    mutating func drop(_ piece: PieceIndex, of content: ContentID) -> Bool {
        content == whole && taken.remove(piece)
    }
}
