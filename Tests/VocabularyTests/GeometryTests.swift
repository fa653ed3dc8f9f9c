import Testing
import Vocabulary

@Suite struct GeometryTests {
    @Test(
        arguments: [
            (total: 0, length: 4, count: 0), (1, 4, 1), (3, 4, 1), (4, 4, 1), (5, 4, 2), (8, 4, 2),
            (Int64.max, 1 << 62, 2), (1 << 26, 1, 1 << 26),
        ] as [(total: Int64, length: Int64, count: Int)])
    func contentsAreCutIntoEqualPieces(total: Int64, length: Int64, count: Int) throws {
        let geometry = try #require(
            Geometry(total: ByteCount(total), pieceLength: ByteCount(length)))
        #expect(geometry.pieceCount == count)
        #expect(geometry.carriesBytes)
        guard count > 0 else { return }
        let last = PieceIndex(count - 1)
        #expect(geometry.offset(of: PieceIndex(0)) == 0)
        #expect(geometry.offset(of: last) + Int64(geometry.size(of: last)) == total)
        #expect(geometry.size(of: PieceIndex(0)) == Int(min(total, length)))
    }

    @Test func piecesCoverTheContentWithoutAGap() throws {
        for total in 0...40 as ClosedRange<Int64> {
            for length in 1...12 as ClosedRange<Int64> {
                let geometry = try #require(
                    Geometry(total: ByteCount(total), pieceLength: ByteCount(length)))
                var end: Int64 = 0
                for number in 0..<geometry.pieceCount {
                    let piece = PieceIndex(number)
                    #expect(geometry.offset(of: piece) == end)
                    #expect(geometry.size(of: piece) > 0)
                    end += Int64(geometry.size(of: piece))
                }
                #expect(end == total)
            }
        }
    }

    @Test func impossibleCutsAreRefused() {
        #expect(Geometry(total: ByteCount(1), pieceLength: .zero) == nil)
        #expect(Geometry(total: .zero, pieceLength: .zero) == nil)
        let most = Int64(Geometry.pieceCountMax)
        #expect(Geometry(total: ByteCount(most + 1), pieceLength: ByteCount(1)) == nil)
        #expect(Geometry(total: ByteCount(.max), pieceLength: ByteCount(1)) == nil)
    }

    @Test func labelsHaveNoBytes() throws {
        let geometry = try #require(Geometry(labels: 3))
        #expect(geometry.pieceCount == 3 && !geometry.carriesBytes)
        #expect(geometry.size(of: PieceIndex(2)) == 0)
        #expect(Geometry(labels: 0)?.pieceCount == 0)
        #expect(Geometry(labels: -1) == nil)
        #expect(Geometry(labels: Geometry.pieceCountMax)?.pieceCount == 1 << 26)
        #expect(Geometry(labels: Geometry.pieceCountMax + 1) == nil)
    }

    @Test func numbersOfOthersAreChecked() {
        #expect(PieceIndex(UInt32(2), below: 3) == PieceIndex(2))
        #expect(PieceIndex(UInt32(3), below: 3) == nil)
        #expect(PieceIndex(UInt32.max, below: 3) == nil)
        #expect(PieceIndex(UInt32(0), below: 0) == nil)
    }
}
