import Testing
import Vocabulary

@testable import Swarm

struct PieceBoardTests {
    private func board(_ pieces: String) -> PieceBoard {
        var held = PieceSet(none: pieces.count)
        for (piece, mark) in pieces.enumerated() where mark == "#" {
            held.insert(PieceIndex(piece))
        }
        return PieceBoard(held: held, of: pieces.count)
    }

    private func drawn(_ board: PieceBoard) -> String {
        board.checkInvariants()
        board.checkInvariants(of: board.have.capacity)
        return (0..<board.have.capacity).map { piece in
            let piece = PieceIndex(piece)
            return board.have.contains(piece) ? "#" : board.queued.contains(piece) ? "." : "-"
        }.joined()
    }

    @Test func aPieceMovesFromOneStateToTheNext() {
        var board = board("#...")
        board.took(PieceIndex(1))
        board.took(PieceIndex(2))
        #expect(drawn(board) == "#--.")
        board.got(PieceIndex(1))
        board.gaveBack(PieceIndex(2))
        #expect(drawn(board) == "##..")
        let wereHere = [board.lost(PieceIndex(0)), board.lost(PieceIndex(3))]
        #expect(wereHere == [true, false])
        #expect(drawn(board) == ".#..")
    }

    @Test func aLostPieceIsAnnouncedOnce() {
        var board = board("########")
        let before = board.takeRetracted()
        for piece in [5, 2] { _ = board.lost(PieceIndex(piece)) }
        let retracted = [board.takeRetracted(), board.takeRetracted()]
        #expect(before == nil && retracted == [2..<6, nil])
    }

    @Test func equalMissingPiecesHaveEqualFingerprints() {
        var one = board("#..#")
        #expect(one.missingFingerprint == board("#..#").missingFingerprint)
        #expect(one.missingFingerprint != board("#.##").missingFingerprint)
        one.took(PieceIndex(1))
        #expect(one.missingFingerprint == board("##.#").missingFingerprint)
    }
}
