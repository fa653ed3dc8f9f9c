import Vocabulary

/// What an uploader knows of one content: what we hold of it, and what our neighbours hold.
struct ServedContent {
    struct Neighbour {
        let rank: Rank
        var holds: PieceSet
    }

    let content: ContentID
    let geometry: Geometry
    var held: PieceSet
    var neighbours: [Neighbour] = []
    /// Got in this step, and not yet announced.
    var fresh: [PieceIndex] = []

    init(_ content: ContentID, _ geometry: Geometry, held: PieceSet) {
        self.content = content
        self.geometry = geometry
        self.held = held
    }

    mutating func noteNeighbour(_ rank: Rank, holds pieces: PieceSet) {
        if let index = neighbours.firstIndex(where: { $0.rank == rank }) {
            neighbours[index].holds.formUnion(pieces)
        } else {
            neighbours.append(Neighbour(rank: rank, holds: pieces))
        }
    }

    mutating func neighbourGot(_ rank: Rank, _ pieces: [PieceIndex]) {
        guard let index = neighbours.firstIndex(where: { $0.rank == rank }) else { return }
        for piece in pieces where piece.position < geometry.pieceCount {
            neighbours[index].holds.insert(piece)
        }
    }
}
