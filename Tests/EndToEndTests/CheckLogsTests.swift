import TestSupport
import Testing

/// `check-logs` of logs and cfg files that other programs left.
@Suite(.waitsForProcesses) struct CheckLogsTests {
    /// Two peers and two pieces, with a sentence of the program's own in each log.
    private func place(_ then: String = "true") throws -> Place {
        let place = try Place(
            """
            mkdir logs && cd logs
            cat > log_peer_1001.log <<END
            2031/02/28 07:15:01: Peer 1001 starts.
            2031/02/28 07:15:03: Peer 1001 is connected from Peer 1002.
            2031/02/28 07:15:03: Peer 1001 received the ‘interested’ message from 1002
            2031/02/28 07:15:04: Peer 1001 has the preferred neighbors 1002, 0, 0.
            END
            cat > log_peer_1002.log <<END
            2031/02/28 07:15:02: Peer 1002 starts.
            2031/02/28 07:15:03: Peer 1002 makes a connection to 1001
            2031/02/28 07:15:04: Peer 1002 is unchoked by Peer 1001
            2031/02/28 07:15:05: Peer 1002 has downloaded the piece 1 from 1001.
            Now the number of pieces it has is 1.
            2031/02/28 07:15:06: Peer 1002 has downloaded the piece 0 from 1001.
            Now the number of pieces it has is 2.
            2031/02/28 07:15:06: Peer 1002 has downloaded the complete file
            END
            """)
        try place.shell("cd logs && " + then)
        return place
    }

    private static let good = "good, 2 lines not understood: 2 logs, 2 pieces downloaded\n"

    @Test func linesThatAreNotUnderstoodAreShownAndCounted() throws {
        let place = try place()
        let check = try place.swarm("check-logs", "./logs")
        #expect(check.status == 0, "\(check.errors)")
        #expect(
            check.output == """
                \(place.path)/logs/log_peer_1001.log:1: not understood: \
                '2031/02/28 07:15:01: Peer 1001 starts.'
                \(place.path)/logs/log_peer_1002.log:1: not understood: \
                '2031/02/28 07:15:02: Peer 1002 starts.'
                \(Self.good)
                """)
        let strict = try place.swarm("check-logs", "./logs", "--strict")
        #expect(strict.status == 1)
        #expect(strict.errors.contains("log_peer_1001.log:1: this is no line of such a log"))
    }

    @Test(arguments: [
        "for p in 1001 1002; do mv log_peer_$p.log peer_$p.log; done",
        "for p in 1001 1002; do mv log_peer_$p.log \"log_peer_[$p].log\"; done",
        "for p in 1001 1002; do mv log_peer_$p.log Log_Peer$p.txt; done",
        "for p in 1001 1002; do mkdir peer_$p && mv log_peer_$p.log peer_$p; done",
        "mkdir -p a/logs && mv *.log a/logs && ln -s .. a/logs/up",
        "cp log_peer_1001.log peer_1001.log && mkdir old && cp *.log old",
    ])
    func logsAreFoundByOtherNames(change: String) throws {
        let place = try place(change)
        let check = try place.swarm("check-logs", "./logs")
        #expect(check.status == 0, "\(check.errors)")
        #expect(check.output.hasSuffix(Self.good), "\(check.output)")
    }

    @Test(arguments: [
        // Only one of the two files, and odd ones.
        "printf '1001 h 6001 1\\n1002 h 6002 0\\n' > PeerInfo.cfg",
        "printf 'PieceSize 10\\nFileSize 20\\n' > Common.cfg",
        "printf 'PieceSize 10\\nFileSize 20\\nFileName a/b\\nColour red\\n' > Common.cfg",
        "printf '\\357\\273\\277# it\\r\\nPieceSize = 10\\r\\nFileSize:\\t20\\r\\n' > common.cfg",
        "printf '// peers\\n\\n  1001\\th 6001 1 extra\\n1002 h\\n' > PeerInfo.cfg",
        "printf '1001 h 6001 0\\n1002 h 6002 0\\n' > PeerInfo.cfg",
        ": > Common.cfg; : > PeerInfo.cfg",
    ])
    func oddConfigurationsAreUsedAsFarAsTheyGo(change: String) throws {
        let place = try place(change)
        let check = try place.swarm("check-logs", "./logs")
        #expect(check.status == 0, "\(check.output)\(check.errors)")
        #expect(check.output.hasSuffix(Self.good), "\(check.output)")
    }

    @Test func aValueThatIsOfNoUseIsNamed() throws {
        let place = try place("printf 'FileSize 20\\nPieceSize ten\\n' > Common.cfg")
        let check = try place.swarm("check-logs", "./logs")
        #expect(check.status == 0, "\(check.errors)")
        #expect(check.output.contains("/Common.cfg:2: not understood: 'PieceSize ten'\n"))
    }

    @Test func everyBrokenRuleIsReportedOnce() throws {
        let place = try place(
            """
            printf 'PieceSize 10\\nFileSize 30\\n' > Common.cfg
            for turn in 1 2 3; do
                echo '[t]: Peer 1002 makes a connection to 1001' >> log_peer_1002.log
                echo '[t]: Peer 1001 is connected from 1002' >> log_peer_1001.log
            done
            """)
        let check = try place.swarm("check-logs", "./logs")
        #expect(check.status == 1)
        let lines = check.output.split(separator: "\n").map { $0.replacing(place.path, with: "") }
        #expect(
            lines.dropFirst(2) == [
                "/logs/log_peer_1001.log:5: a second connection of the pair with peer 1002 "
                    + "(6 times in 2 logs)",
                "/logs/log_peer_1002.log:8: complete with 2 pieces of 3",
                "bad, 2 rules broken, 2 lines not understood: 2 logs, 2 pieces downloaded",
            ])
    }

    @Test(arguments: [
        ("rm *", "holds no log_peer_<id>.log"),
        ("for p in 1001 1002; do echo nothing > log_peer_$p.log; done", "no line of 2 logs is a"),
        ("mkdir a b; cp *.log a; mv *.log b", "a second log of peer 100"),
        ("rm log_peer_1001.log; mkfifo log_peer_1001.log", "log_peer_1001.log: cannot be read"),
    ])
    func logsThatCannotBeCheckedAreOneLine(change: String, words: String) throws {
        let place = try place(change)
        let check = try place.swarm("check-logs", "./logs")
        #expect(check.status == 2)
        #expect(check.errors.split(separator: "\n").count == 1)
        #expect(check.errors.contains(words), "\(check.errors)")
    }

    @Test func aFolderThatIsNamedHasToHaveAConfiguration() throws {
        let place = try place()
        let check = try place.swarm("check-logs", "./logs", "--config", "./")
        #expect(check.status == 2)
        #expect(check.errors.contains("holds neither Common.cfg nor PeerInfo.cfg"))
    }
}
