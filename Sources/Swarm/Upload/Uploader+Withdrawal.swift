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
        dismissNeighbours(of: index)
        guard !contents[index].isVacant else { return }
        contents[index].isVacant = true
        vacant.append(index)
    }

    private mutating func dismissNeighbours(of index: Int) {
        for place in contents[index].neighbours.indices.reversed() {
            setInterest(contents[index].content, false, of: contents[index].roster[place])
            contents[index].removeNeighbour(place)
        }
    }

    /// A place for a new content, of which nothing is on its way any more: a job that runs for
    /// weeks sees many. Who asked for what was there has to ask again should it come back.
    mutating func takeVacant() -> Int? {
        let found = vacant.lastIndex { index in
            !sends.contains { $0.content == index } && !offers.contains { $0.content == index }
        }
        guard let found else { return nil }
        let index = vacant.remove(at: found)
        dismissNeighbours(of: index)
        indexOfContent[contents[index].content] = nil
        return index
    }

    mutating func refill(_ index: Int, _ held: PieceSet) {
        guard held.capacity == contents[index].geometry.pieceCount else { return }
        if contents[index].isVacant {
            contents[index].isVacant = false
            vacant.removeAll { $0 == index }
        }
        var next = held.first(notIn: contents[index].held)
        while let piece = next {
            _ = contents[index].stored(piece)
            next = held.first(from: piece.position + 1, notIn: contents[index].held)
        }
    }
}
