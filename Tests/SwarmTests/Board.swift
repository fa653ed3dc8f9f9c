import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A transfer drawn as strings, one character per piece: `#` is had, `-` in flight, `.` queued;
/// for a source `#` is held. A source of `#` alone is a seed.
struct Board {
    private(set) var transfer = Transfer(purpose: .want(WantNumber(0)))
    var chance = Chance(seed: 5)

    init(_ pieces: String, _ sources: String...) {
        guard let geometry = Geometry(labels: pieces.count) else {
            Issue.record("a board this large is not drawn")
            return
        }
        transfer.begin(OpenedContent(geometry))
        for source in sources { add(source) }
        for (piece, mark) in pieces.enumerated() where mark != "." {
            transfer.board.took(PieceIndex(piece))
            if mark == "#" { transfer.got(PieceIndex(piece)) }
        }
        transfer.checkInvariants()
    }

    mutating func add(_ source: String) {
        let place = SourceIndex(transfer.sources.count)
        let isSeed = source.allSatisfy { $0 == "#" }
        transfer.addSource(Rank(Int32(place.position + 1)), isSeed: isSeed, stance: .open)
        for (piece, mark) in source.enumerated() where mark == "#" && !isSeed {
            transfer.noteHolds(place, PieceIndex(piece))
        }
    }

    mutating func begin(at origin: Int) { transfer.board.origin = origin }

    mutating func change(_ source: Int, _ change: (inout SourceRow) -> Void) {
        change(&transfer.sources[SourceIndex(source)])
    }

    mutating func turn(_ source: Int, to stance: Stance) {
        transfer.turn(SourceIndex(source), to: stance)
    }

    mutating func pick(_ picker: PickerChoice, source: Int = 0, now: Tick = .zero) -> Int? {
        picker.piece(
            for: SourceIndex(source), in: &transfer, now: now, chance: &chance)?.position
    }

    /// Picks a piece, and takes it as a downloader that requests it does.
    mutating func take(_ picker: PickerChoice, source: Int = 0) -> Int? {
        guard let piece = pick(picker, source: source) else { return nil }
        transfer.board.took(PieceIndex(piece))
        transfer.sources[SourceIndex(source)].asked += 1
        transfer.checkInvariants()
        return piece
    }

    /// Takes all pieces of one source, until it has nothing more.
    mutating func takeAll(_ picker: PickerChoice, source: Int = 0) -> [Int] {
        var taken: [Int] = []
        while let piece = take(picker, source: source) { taken.append(piece) }
        return taken
    }
}
