import Vocabulary
import Wire

/// Contents that are here no longer, and those that are here again.
extension Uploader {
    /// What is being sent is sent to its end; what only waits is refused.
    mutating func withdraw(_ content: ContentID, _ effects: inout Effects<UploaderEffect>) {
        guard let index = indexOfContent[content] else { return }
        for row in sends.indices.reversed()
        where sends[row].content == index && sends[row].stage != .sending {
            refuse(row, .noSuchContent, &effects)
        }
        let held = contents[index].held
        var next = held.first()
        while let piece = next {
            _ = contents[index].lost(piece)
            next = held.first(from: piece.position + 1)
        }
        for place in contents[index].neighbours.indices.reversed() {
            setInterest(content, false, of: contents[index].roster[place])
            contents[index].removeNeighbour(place)
        }
    }

    mutating func refill(_ index: Int, _ held: PieceSet) {
        guard held.capacity == contents[index].geometry.pieceCount else { return }
        var next = held.first(notIn: contents[index].held)
        while let piece = next {
            _ = contents[index].stored(piece)
            next = held.first(from: piece.position + 1, notIn: contents[index].held)
        }
    }
}
