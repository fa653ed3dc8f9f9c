import Glibc
import TestSupport
import Testing

/// Trackers that are killed while the bytes move.
extension SuperPeerTests {
    /// Three trackers, with two of six peers each. Peers 1 and 4 own a file each, and everybody
    /// wants both. The tracker is killed when rank 8 has been told where they are.
    private func killed(_ rank: Int, _ topology: String) throws -> (CommandResult, Place) {
        let place = try Place(
            """
            mkdir out traces && for f in a b; do head -c 60000000 /dev/urandom > $f.bin; done &&
            printf '1\\na @a.bin\\n1\\nb\\n' > in1.txt &&
            printf '1\\nb @b.bin\\n1\\na\\n' > in4.txt &&
            for p in 2 3 5 6; do printf '0\\n2\\na\\nb\\n' > in$p.txt; done
            """)
        let arguments = [
            "run", place.path, "--trackers", "3", "--topology", topology, "--output",
            place.path + "/out", "--trace-dir", place.path + "/traces",
        ]
        let result = try ProcessRunner.mpirun(
            np: 9, arguments: arguments, limit: .seconds(90)
        ) { handle in
            for _ in 0..<600 {
                guard FileBytes.read(path: place.path + "/traces/trace8.txt").count < 40_000 else {
                    break
                }
                pause(.milliseconds(50))
            }
            #expect(handle.signal(SIGKILL, rank: rank))
        }
        return (result, place)
    }

    private func expectEverything(in place: Place) throws {
        try place.shell(
            """
            for p in 2 3 5 6; do
                cmp a.bin out/client${p}_a && cmp b.bin out/client${p}_b || exit 1
            done
            cmp a.bin out/client4_a && cmp b.bin out/client1_b
            """)
    }

    @Test func thePeersOfAKilledTrackerJoinTheNext() throws {
        let (result, place) = try killed(1, "full")
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.errors.contains(
                "warning: rank 1 has died: it counts as lost"))
        #expect(result.lines.first?.hasPrefix("10 of 10 files delivered") == true)
        try expectEverything(in: place)
    }

    @Test func theNextTrackerReportsTheResultWhenRankZeroIsKilled() throws {
        let (result, place) = try killed(0, "ring")
        #expect(result.status == 1)
        #expect(result.lines.first?.hasPrefix("10 of 10 files delivered") == true)
        try expectEverything(in: place)
    }

    /// A warning names the tracker that no query reaches any more.
    @Test func theMiddleOfALineIsMissed() throws {
        let (result, _) = try killed(1, "line")
        #expect(result.errors.contains("warning: no query reaches rank 2 any more"))
        #expect(result.lines.count == 1)
    }
}
