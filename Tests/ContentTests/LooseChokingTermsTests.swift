import Testing
import Vocabulary

@testable import Content

/// Cfg files of which `run` would accept none.
@Suite struct LooseChokingTermsTests {
    private func loose(_ common: String? = nil, _ roster: String? = nil) -> LooseChokingTerms {
        LooseChokingTerms(
            common: common.map { Array($0.utf8) }, roster: roster.map { Array($0.utf8) })
    }

    @Test(arguments: [
        "NumberOfPreferredNeighbors 2\nFileSize 25\nPieceSize 10",
        "\u{FEFF}numberofpreferredneighbors=2\r\nFILESIZE: 25\r\n PieceSize\t = 10 # bytes\r\n",
        "# all\n// of\n; it\nFileName a/b c\nColour red\nPieceSize 10\nFileSize 25 bytes\n"
            + "NumberOfPreferredNeighbors 2",
    ])
    func theNeededTermsAreFound(common: String) {
        let terms = loose(common)
        #expect(terms.preferredMax == 2)
        #expect(terms.pieceCount == 3)
        #expect(terms.unusedTerms == [])
        #expect(terms.peers == nil)
    }

    @Test(arguments: ["PieceSize 0\nFileSize 5", "FileSize 5", "PieceSize ten\nFileSize 5", ""])
    func withoutBothSizesThereIsNoPieceCount(common: String) {
        #expect(loose(common).pieceCount == nil)
    }

    @Test func valuesThatAreOfNoUseAreKeptWithTheirLines() {
        let terms = loose("\nPieceSize ten\nFileSize", "1 h 1 1\nabc h 1 1\n2\n3 h")
        #expect(terms.unusedTerms.map(\.line) == [2, 3])
        #expect(terms.unusedPeers.map(\.line) == [2, 3])
        #expect(terms.peers?.map(\.id) == [PeerID(1), PeerID(3)])
        #expect(terms.peers?.map(\.hasFile) == [true, nil])
    }

    @Test(arguments: UInt64(1)...3)
    func anyBytesGiveAValue(seed: UInt64) {
        var chance = Chance(seed: seed)
        for _ in 0..<300 {
            let bytes = (0..<chance.below(60)).map { _ in
                Array("PieceSize 10=#:\n1 2\t\u{FEFF};/".utf8)[chance.below(25)]
            }
            let terms = LooseChokingTerms(common: bytes, roster: bytes)
            #expect(terms.pieceCount ?? 1 >= 0)
        }
    }
}
