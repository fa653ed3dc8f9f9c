import Glibc
import TestSupport
import Testing

/// Swarms that live by choking, under the real mpirun.
@Suite(.serialized, .waitsForProcesses) struct ChokingTests {
    /// Four peers, of whom the second has the file.
    private func place(
        size: Int = 300_000, pieceSize: Int = 4096, intervals: String = "0.2 0.3",
        preferred: Int = 2
    ) throws -> Place {
        try Place(
            """
            mkdir -p in/peer_12 && cd in && seq \(size + 1) | head -c \(size) > peer_12/f
            set -- \(intervals)
            echo NumberOfPreferredNeighbors \(preferred) > Common.cfg
            printf 'UnchokingInterval %s\\n' $1 >> Common.cfg
            printf 'OptimisticUnchokingInterval %s\\nFileName f\\n' $2 >> Common.cfg
            printf 'FileSize \(size)\\nPieceSize \(pieceSize)\\n' >> Common.cfg
            printf '%s a 1 0\\n' 11 12 13 14 | sed 's/^12 a 1 0/12 a 1 1/' > PeerInfo.cfg
            """)
    }

    private func run(
        _ place: Place, np: Int = 5, _ more: [String] = ["--output", "./out"],
        meanwhile: (RunHandle) -> Void = { _ in }
    ) throws -> CommandResult {
        try ProcessRunner.mpirun(
            np: np, arguments: (["run", "./in"] + more).map(place.inside), limit: .seconds(90),
            meanwhile: meanwhile)
    }

    private func expectGood(_ place: Place, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        try place.shell("for p in 11 13 14; do cmp in/peer_12/f out/peer_$p/f || exit 1; done")
        let check = try place.swarm("check-logs", "./out", "--config", "./in")
        #expect(check.status == 0, "\(check.errors)", sourceLocation: sourceLocation)
    }

    @Test func allPeersGetTheFileAndTheLogsAreGood() throws {
        let place = try place()
        let result = try run(place)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("3 of 3 files delivered, 222 pieces, 878.9 KiB"))
        try expectGood(place)
        try place.shell("test $(grep -hc 'has downloaded the complete file.' out/*11.log) = 1")
        let alone = try place.swarm("check-logs", "./out")
        #expect(alone.status == 0, "\(alone.errors)")
    }

    @Test(arguments: [(0, 7, "0.1 0.05"), (1, 512, "0.1 0.2"), (100, 1, "1 1")])
    func smallPiecesAndFewNeighborsAreFine(
        preferred: Int, pieceSize: Int, intervals: String
    ) throws {
        let place = try place(
            size: 700, pieceSize: pieceSize, intervals: intervals, preferred: preferred)
        let result = try run(place)
        #expect(result.status == 0, "\(result.errors)")
        try expectGood(place)
    }

    /// A manifest that long travels as a content of its own, and no log speaks of it.
    @Test func aLongManifestIsInNoLog() throws {
        let place = try place(size: 60_000, pieceSize: 16)
        let result = try run(place)
        #expect(result.status == 0, "\(result.errors)")
        try expectGood(place)
    }

    @Test func anEmptyFileIsOne() throws {
        let place = try place(size: 0)
        let result = try run(place)
        #expect(result.status == 0, "\(result.errors)")
        try expectGood(place)
    }

    /// Without `--output` everything lies beside the inputs.
    @Test func folderAndLogsAreInDirUnlessSaidOtherwise() throws {
        let place = try place()
        let result = try run(place, [])
        #expect(result.status == 0, "\(result.errors)")
        try place.shell("for p in 11 13 14; do cmp in/peer_12/f in/peer_$p/f || exit 1; done")
        let check = try place.swarm("check-logs", "./in")
        #expect(check.status == 0, "\(check.errors)")
    }

    /// Waits until a peer has some of the file.
    private func waitForPieces(_ place: Place) {
        do {
            try place.shell(
                """
                for turn in $(seq 3000); do
                    grep -qs 'pieces it has is 500' out/log_peer_13.log && exit
                    sleep 0.01
                done
                exit 1
                """)
        } catch { Issue.record("\(error)") }
    }

    /// The peers go on to the end, and the lowest of them prints what came of it: no success.
    @Test func withoutRankZeroASwarmFinishesAndFails() throws {
        let place = try place(size: 40_000_000)
        let result = try run(place) { job in
            waitForPieces(place)
            #expect(job.signal(SIGKILL, rank: 0))
        }
        #expect(!result.ranOut, "\(result.unfinished)")
        #expect(result.status == 1)
        #expect(result.output.contains("3 of 3 files delivered"), "\(result.output)")
        try expectGood(place)
    }

    @Test(arguments: [SIGKILL, SIGINT])
    func anInterruptedJobIsContinued(signal: Int32) throws {
        let place = try place(size: 40_000_000)
        let result = try run(place) { job in
            waitForPieces(place)
            if signal == SIGKILL { job.killAll() } else { job.signal(signal) }
        }
        #expect(result.status != 0)
        let line = "mpiswarm: interrupted: 0 of 3 files delivered; a rerun does the rest\n"
        #expect(signal == SIGKILL || result.errors.hasPrefix(line), "\(result.errors)")
        try place.shell("test -e out/peer_13/.f.mpiswarm-part && ! test -e out/peer_13/f")
        let again = try run(place)
        #expect(again.status == 0, "\(again.errors)")
        try expectGood(place)
        try place.shell("grep -q 'Peer 13 continues with' out/log_peer_13.log")
        try place.shell("test $(find out -name '.f.*' | wc -l) = 0")
    }

    /// Whoever has it all already is done, and serves.
    @Test func aFileThatIsThereIsNotFetched() throws {
        let place = try place()
        try place.shell("mkdir -p out/peer_11 out/peer_13 && cp in/peer_12/f out/peer_11/")
        try place.shell("tr 0 1 < in/peer_12/f > out/peer_13/f")
        let result = try run(place)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("3 of 3 files delivered, 148 pieces"))
        try expectGood(place)
    }

    @Test(arguments: [
        ("sed -i 's/12 a 1 1/12 a 1 1 1/' in/PeerInfo.cfg", "in/PeerInfo.cfg:2: "),
        ("echo 15 a 1 0 >> in/PeerInfo.cfg", "lists 5 peers, so start mpirun -np 6, not 5"),
        ("sed -i 's/PieceSize.*/PieceSize 0/' in/Common.cfg", "in/Common.cfg:6: '0' is no number"),
        ("rm in/Common.cfg", "in/Common.cfg: cannot be read: No such file or directory"),
        ("printf x >> in/peer_12/f", "peer_12/f: has 300001 bytes, and FileSize is 300000"),
        ("rm in/peer_12/f && ln -s ../Common.cfg in/peer_12/f", "links are not followed"),
        (
            "sed -i 's/14 a 1 0/14 a 1 1/' in/PeerInfo.cfg; mkdir in/peer_14; "
                + "tr 0 1 < in/peer_12/f > in/peer_14/f",
            "f is not the same at peer 12 and peer 14"
        ),
        ("mkdir -p out/peer_13/f", "out/peer_13/f: cannot be read: it is not a file"),
    ])
    func aJobThatCannotBeginPrintsOneLine(change: String, words: String) throws {
        let place = try place()
        try place.shell(change)
        let result = try run(place)
        #expect(result.status == 2)
        let ours = result.errors.split(separator: "\n").filter { $0.hasPrefix("mpiswarm: ") }
        #expect(ours.count == 1)
        #expect(ours.first?.contains(words) == true, "\(ours)")
        try place.shell("test -z \"$(find out -name 'log_peer*')\"")
    }

    /// Peers are numbered by their lines, whoever tracks.
    @Test(arguments: [
        (2, ["full"]), (3, ["full"]), (3, ["line"]), (3, ["ring"]), (4, ["./star"]),
        (2, ["full", "--groups", "node"]), (3, ["line", "--super-peer", "2,0,2,0"]),
    ])
    func everyPeerGetsTheFileWhicheverRanksTrack(trackers: Int, words: [String]) throws {
        let place = try place()
        try place.shell("printf '0 1\\n0 2\\n0 3\\n' > star")
        let more = ["--output", "./out", "--trackers", "\(trackers)", "--topology"]
        let result = try run(place, np: 4 + trackers, more + words)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("3 of 3 files delivered, 222 pieces, 878.9 KiB"))
        try expectGood(place)
        try place.shell(
            """
            printf '%s\\n' log_peer_11.log log_peer_12.log log_peer_13.log log_peer_14.log \\
                peer_11 peer_13 peer_14 > wanted
            LC_ALL=C ls -A out | cmp - wanted
            """)
    }

    /// Peers 11 and 12 have tracker 0, 13 has tracker 1, and 14 tracker 2.
    @Test(arguments: [
        ("cp in/peer_12/f in/peer_14/f", 0, nil),
        ("tr 0 1 < in/peer_12/f > in/peer_14/f", 2, "f is not the same at peer 12 and peer 14"),
    ])
    func ownersInDifferentGroupsHaveToAgree(
        change: String, status: Int32, words: String?
    ) throws {
        let place = try place()
        try place.shell(
            "sed -i 's/14 a 1 0/14 a 1 1/' in/PeerInfo.cfg; mkdir in/peer_14; \(change)")
        let result = try run(
            place, np: 7, ["--output", "./out", "--trackers", "3", "--topology", "line"])
        #expect(result.status == status)
        let ours = result.errors.split(separator: "\n").filter { $0.hasPrefix("mpiswarm: ") }
        #expect(ours.map(String.init) == (words.map { ["mpiswarm: \($0)"] } ?? []))
    }

    @Test func noPeerMayBeMissingFromTheList() throws {
        let place = try place()
        let result = try run(place, np: 6, ["--output", "./out", "--trackers", "3"])
        #expect(result.status == 2)
        let ours = result.errors.split(separator: "\n").filter { $0.hasPrefix("mpiswarm: ") }
        #expect(ours.count == 1)
        #expect(
            ours.first?.hasSuffix("lists 4 peers, so start mpirun -np 7, not 6") == true,
            "\(ours)")
    }

    /// Peer 13 has tracker 1, and so goes to tracker 2; without rank 0 the next one tells.
    @Test(arguments: [(1, 0), (0, 1)])
    func aKilledTrackersPeersGoOnWithTheNext(tracker: Int, status: Int32) throws {
        let place = try place(size: 40_000_000)
        let more = ["--output", "./out", "--trackers", "3"]
        let result = try run(place, np: 7, more) { job in
            waitForPieces(place)
            #expect(job.signal(SIGKILL, rank: tracker))
        }
        #expect(!result.ranOut, "\(result.unfinished)")
        #expect(result.status == status, "\(result.errors)")
        #expect(result.output.hasPrefix("3 of 3 files delivered"), "\(result.errors)")
        try expectGood(place)
    }

    @Test(arguments: [
        ("sed -i 's/ piece 9 from/ piece 8 from/' out/log_peer_13.log", 1, "log_peer_13.log:"),
        ("sed -i '/is unchoked by/d' out/log_peer_11.log", 1, "which chokes this one"),
        ("sed -i '/complete file/d' out/log_peer_14.log", 1, "the file is not complete"),
        (
            "sed -i '/connection to Peer 11/d' out/log_peer_13.log", 1,
            "the log of peer 13 says nothing of this"
        ),
        ("rm out/log_peer_12.log", 1, "there is no log of peer 12"),
        ("rm out/log_*", 2, "holds no log_peer_<id>.log"),
    ])
    func aBrokenLogIsReported(change: String, status: Int32, words: String) throws {
        let place = try place()
        #expect(try run(place).status == 0)
        try place.shell(change)
        let check = try place.swarm("check-logs", "./out", "--config", "./in")
        #expect(check.status == status)
        #expect((check.output + check.errors).contains(words), "\(check.output)")
        #expect(check.output.contains("\nbad, ") == (status == 1))
        let strict = try place.swarm("check-logs", "./out", "--config", "./in", "--strict")
        #expect(strict.status == status)
        #expect(strict.errors.split(separator: "\n").count == 1)
        #expect(strict.errors.contains(words), "\(strict.errors)")
    }
}
