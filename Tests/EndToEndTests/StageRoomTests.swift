import Glibc
import TestSupport
import Testing

/// A disk that several copies of one node go to. Only the superuser may mount a small one.
@Suite(.serialized, .waitsForProcesses, .enabled(if: geteuid() == 0)) struct StageRoomTests {
    /// A disk of 100 MiB, of which 16 stay free, and a file of 30 MiB beside it.
    private func withDisk(_ body: (StagePlace) throws -> Void) throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir disk t && mount -t tmpfs -o size=100m tmpfs disk &&
            head -c 31457280 /dev/urandom > t/x
            """)
        defer {
            do { try place.shell("umount disk") } catch { Issue.record(error) }
        }
        try body(place)
    }

    /// Of four copies of 30 MiB two fit.
    private func expectNoRoomForTheLastTwo(_ result: StageResult) {
        #expect(result.status == 1)
        #expect(result.lines.count == 2, "\(result.command.errors)")
        for rank in 2..<4 {
            #expect(
                result.lines.contains {
                    $0.contains("rank \(rank): no space left on ")
                        && $0.contains("disk: needs 30.0 MiB, ")
                        && $0.contains("60.0 MiB go to other copies")
                }, "\(result.lines)")
        }
    }

    /// What would fail is told as it would fail, and nothing is touched.
    @Test(arguments: ["./disk/{rank}", "./disk/new/deep/{rank}", "./disk/{rank}/"])
    func aDryRunSaysWhoWouldNotFit(destination: String) throws {
        try withDisk { place in
            let result = try place.stage(4, "--dry-run", "./t", destination)
            expectNoRoomForTheLastTwo(result)
            #expect(try place.shell("ls -A disk").isEmpty)
            #expect(try place.stage(2, "--dry-run", "./t", destination).status == 0)
            // One that is too much by itself.
            try place.shell("truncate -s 0 t/x && head -c 125829120 /dev/urandom > t/y")
            let alone = try place.stage(1, "--dry-run", "./t", destination)
            #expect(alone.status == 1)
            #expect(
                alone.lines.count == 1
                    && alone.lines[0].contains(
                        "no space left on \(place.path)/disk: needs 120.0 MiB")
            )
            #expect(try place.shell("ls -A disk").isEmpty)
        }
    }

    /// The ranks of the disk may be in groups of several trackers.
    @Test(arguments: ["1", "2", "4"])
    func aRankWithoutRoomBesideTheOthersFailsByName(trackers: String) throws {
        try withDisk { place in
            let result = try place.stage(4, "--trackers", trackers, "./t", "./disk/{rank}")
            expectNoRoomForTheLastTwo(result)
            for rank in 0..<2 { try place.expectSame("t", "disk/\(rank)") }
            #expect(try place.shell("ls -A disk") == "0\n1\n")
            #expect(result.summary?.ranks.map { $0.failure == nil } == [true, true, false, false])

            // What is in place needs nothing, and each of the others is too much by itself.
            let again = try place.stage(4, "./t", "./disk/{rank}")
            #expect(again.status == 1 && again.lines.count == 2)
            #expect(again.summary?.fetched == 0)
        }
    }

    @Test func allThatFitsArrives() throws {
        try withDisk { place in
            let result = try place.stage(2, "./t", "./disk/{rank}")
            #expect(result.status == 0, "\(result.command.errors)")
            // One more that is there already, and one that lies elsewhere.
            try place.shell("ln -s \"$PWD\" disk/2")
            let more = try place.stage(3, "./t", "./disk/{rank}/t2")
            #expect(more.status == 1)
            #expect(more.lines.count == 2, "\(more.command.errors)")
            try place.expectSame("t", "t2")
        }
    }

    /// A rank whose destination cannot be is not waited for.
    @Test func aRankThatFailsForAnotherReasonTakesNoRoom() throws {
        try withDisk { place in
            try place.shell("mkdir disk/0 disk/1 && echo other > disk/0/x && mkdir disk/1/x")
            let result = try place.stage(4, "--force", "./t", "./disk/{rank}")
            #expect(result.status == 1)
            #expect(result.lines.count == 2, "\(result.command.errors)")
            #expect(result.lines.contains { $0.contains("rank 1: ") && $0.contains("disk/1/x") })
            #expect(result.lines.contains { $0.contains("rank 3: no space left on ") })
            for rank in [0, 2] { try place.expectSame("t", "disk/\(rank)") }
        }
    }

    /// Two contents of one rank, of which each would fit.
    @Test func theContentsOfOneRankCountTogether() throws {
        try withDisk { place in
            try place.shell(
                """
                head -c 62914560 /dev/urandom > t/y && mkdir -p s/0/t s/1/t &&
                mv t/x s/0/t && mv t/y s/1/t
                """)
            // Each rank sees a source of its own.
            let script =
                "cd \"$0/s/$OMPI_COMM_WORLD_RANK\" && exec \"$1\" stage --receivers=0 t "
                + "\"$0/disk/out\""
            let command = try ProcessRunner.run(
                ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"]
                    + ["-np", "2", "sh", "-c", script, place.path]
                    + [ProcessRunner.product("mpiswarm")], limit: .seconds(60))
            let result = StageResult(command: command, summary: nil)
            #expect(result.status == 1)
            #expect(result.lines.count == 1, "\(command.errors)")
            #expect(result.lines.first?.contains("rank 0: ") == true)
            #expect(result.lines.first?.contains("go to other copies") == true)
            #expect(try place.shell("ls -A disk").isEmpty)
        }
    }
}
