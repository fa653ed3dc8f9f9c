import Glibc
import TestSupport
import Testing

/// Pages about jobs under the real mpirun.
@Suite(.serialized, .waitsForProcesses) struct ReportTests {
    private let inputs = Folders.repository + "/inputs"

    private func report(_ np: Int, _ words: [String], in place: Place) throws -> String {
        let result = try ProcessRunner.mpirun(
            np: np, arguments: words.map(place.inside), limit: .seconds(60))
        #expect(result.status == 0, "\(result.errors)")
        let page = FileBytes.read(path: "\(place.path)/page.html")
        return String(decoding: page, as: UTF8.self)
    }

    @Test func aClassicRunHasAPage() throws {
        let place = try Place("true")
        let page = try report(
            4, ["run", inputs + "/demo", "--output", "./out", "--report", "./page.html"],
            in: place)
        #expect(page.contains("4 of 4 files delivered, 46 pieces"))
        #expect(page.contains("rank 1 to rank 3: "))
        #expect(page.contains("<polyline"))
        #expect(!page.contains("Unchoked peers"))
    }

    @Test func aStagingHasAPage() throws {
        let place = try Place("mkdir in && head -c 3000000 /dev/urandom > in/f")
        let page = try report(
            3, ["stage", "./in", "./copies/{rank}", "--report", "./page.html"], in: place)
        #expect(page.contains("3 of 3 copies of 1 file"))
        #expect(page.contains(" UTC, mpiswarm 0."))
        #expect(page.contains("<code>mpiswarm stage "))
        #expect(page.contains("&#39;"), "the braces of DEST are quoted")
        #expect(page.contains("<polyline"))
        #expect(!page.contains("Unchoked peers"))
    }

    @Test func aChokingSwarmHasAPage() throws {
        let place = try Place(
            """
            mkdir -p in/peer_1 && cd in && seq 99999 | head -c 200000 > peer_1/f
            printf '%s a 1 0\\n' 1 2 3 4 | sed '1s/0$/1/' > PeerInfo.cfg
            printf '%s\\n' 'NumberOfPreferredNeighbors 1' 'UnchokingInterval 0.1' \
                'OptimisticUnchokingInterval 0.2' 'FileName f' 'FileSize 200000' \
                'PieceSize 2000' > Common.cfg
            """)
        let page = try report(
            5, ["run", "./in", "--output", "./out", "--report", "./page.html"], in: place)
        #expect(page.contains("3 of 3 files delivered, 300 pieces"))
        #expect(page.contains("Unchoked peers"))
        #expect(page.contains("peer 1 to peer "))
    }
}
