import Swarm
import Testing
import Vocabulary

struct TopologyTests {
    private func neighbours(_ topology: Topology, _ tracker: Int) -> [Int32] {
        topology.neighbours(of: Rank(Int32(tracker))).map(\.raw)
    }

    private func parse(_ text: String, _ count: Int) throws(TopologyError) -> Topology {
        try Topology(parsing: Array(text.utf8), trackerCount: count)
    }

    @Test func neighboursOfEachShape() {
        #expect(neighbours(.full(4), 2) == [0, 1, 3])
        #expect(neighbours(.line(4), 0) == [1])
        #expect(neighbours(.line(4), 2) == [1, 3])
        #expect(neighbours(.ring(4), 0) == [1, 3])
        #expect(neighbours(.ring(2), 0) == [1])
        #expect(neighbours(.ring(1), 0) == [])
    }

    @Test func theDiameterOfEachShape() {
        #expect(Topology.full(5).diameter == 1)
        #expect(Topology.line(5).diameter == 4)
        #expect(Topology.ring(5).diameter == 2)
        #expect(Topology.full(1).diameter == 0)
    }

    @Test func lostTrackersAreOnNoPath() {
        let line = Topology.line(4)
        #expect(line.reach(from: Rank(0), within: 2) == 2)
        #expect(line.reach(from: Rank(0), within: 9) == 3)
        let lost = [false, true, false, false]
        #expect(line.reach(from: Rank(0), within: 9, without: lost) == 0)
        #expect(Topology.ring(4).reach(from: Rank(0), within: 9, without: lost) == 2)
    }

    @Test func aFileHasOneEdgePerLine() throws {
        let star = try parse("# a star\n0 1\r\n\n2\t0\n0 3 # the last\n1 0\n", 4)
        #expect(neighbours(star, 0) == [1, 2, 3])
        #expect(neighbours(star, 3) == [0])
        #expect(try parse("", 1) == .full(1))
    }

    @Test(arguments: [
        ("0 1\n1\n", TopologyError.notAnEdge(line: 2)),
        ("0 1 2\n", .notAnEdge(line: 1)),
        ("a b\n", .notAnEdge(line: 1)),
        ("0 -1\n", .notAnEdge(line: 1)),
        ("\n0 3\n", .unknownTracker(line: 2, number: 3)),
        ("0 99999999999999999999999\n", .unknownTracker(line: 1, number: 1_000_000_000)),
        ("0 1\n1 1\n", .selfLoop(line: 2, number: 1)),
        ("0 1\n", .unreachable(Rank(2))),
        ("", .unreachable(Rank(1))),
    ])
    func theErrorOfAnInvalidTopologyIsReported(text: String, flaw: TopologyError) {
        #expect(throws: flaw) { try parse(text, 3) }
    }

    @Test func anyBytesAreATopologyOrAnError() {
        var chance = Chance(seed: 5)
        let letters = Array("0123 \n\r\t#x9\u{0}".utf8)
        var good = 0
        for _ in 0..<20_000 {
            let bytes = (0..<chance.below(24)).map { _ in letters[chance.below(letters.count)] }
            do throws(TopologyError) {
                _ = try Topology(parsing: bytes, trackerCount: 2)
                good += 1
            } catch {}
        }
        #expect(good > 0)
    }
}
