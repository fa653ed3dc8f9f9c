import Glibc
import TestSupport
import Testing

/// A swarm that keeps running, with several trackers: what users are told is of all groups.
@Suite(.serialized, .waitsForProcesses) struct ServeTrackerTests {
    /// Two peers have each of three trackers.
    private func place(_ script: String = "true") throws -> ServePlace {
        try ServePlace(
            ranks: 9, trackers: 3, "for p in 1 2 3 4 5 6; do echo $p > $p/f$p; done && \(script)")
    }

    private static let quickly = [
        "--alive-interval", "200ms", "--lease", "2s", "--query-deadline", "500ms",
    ]

    private func holders(_ place: ServePlace, _ name: String, by peer: Int) -> [String] {
        place.shell(peer, "holders \(name)").lines.map { String($0.split(separator: "\t")[0]) }
    }

    /// Whatever anybody is told is true of all groups as soon as it was told anywhere.
    @Test(arguments: ["full", "line", "ring", "./star"])
    func aUserGetsAnswersFromAllGroups(topology: String) throws {
        let place = try place("printf '0 1\\n0 2\\n' > star")
        let result = try place.serve(["--topology", place.place.inside(topology)]) { _ in
            #expect(place.wait { place.names(1).count == 6 })
            for peer in 1...6 {
                #expect(place.names(peer) == (1...6).map { "f\($0)" })
                let peers = place.shell(peer, "peers").lines
                #expect(peers.count == 6 && peers.allSatisfy { $0.contains("\tthere") })
            }
            #expect(place.shell(1, "get f6").status == 0 && place.isSame("1/f6", "6/f6"))
            for peer in 1...6 { #expect(self.holders(place, "f6", by: peer) == ["3", "8"]) }
            let far = place.shell(3, "get f6 from \(place.rank(1))")
            #expect(far.status == 0 && place.isSame("3/f6", "6/f6"))
            #expect(place.shell(5, "get f1 from \(place.rank(6))").status == 1, "it has it not")
            #expect(place.shell(2, "leave").status == 0)
            #expect(place.shell(6, "peers").lines.contains("4\tleft"))
            #expect(place.names(6) == ["f1", "f3", "f4", "f5", "f6"])
            #expect(place.shell(6, "get f2").status == 1)
            #expect(place.shell(2, "join", "get f5").status == 0)
            #expect(place.shell(6, "peers").lines.contains("4\tthere"))
            #expect(place.wait { place.shell(6, "get f2").status == 0 })
            #expect(place.shell(4, "shutdown").status == 0)
        }
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.first?.hasPrefix("job test: ranks 3 to 8 serve; ") == true)
        #expect(result.lines.last?.hasPrefix("4 files fetched, 4 pieces, ") == true)
    }

    /// Its seeds are in two groups, and who waits is in the third.
    @Test func aRemovedFileEndsItsTransfersWithTheReason() throws {
        let place = try place("head -c 40000000 /dev/urandom > 1/big && cp 1/big 3/big")
        let options = ["--limit-rate", "40M", "--topology", "line"]
        let result = try place.serve(options) { _ in
            #expect(place.wait { self.holders(place, "big", by: 6) == ["3", "5"] })
            place.shell(6, "get big later")
            pause(.milliseconds(500))
            place.script("rm 3/big")
            #expect(place.wait { self.holders(place, "big", by: 6) == ["3"] })
            #expect(place.shell(6, "status").output.contains("big"), "the other has it")
            place.script("rm 1/big")
            let waited = place.shell(6, "wait")
            #expect(waited.status == 1)
            #expect(waited.errors.contains("its owner has removed or changed it"))
            place.shell(2, "shutdown")
        }
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test(arguments: ["full", "line"]) func aNameIsWhatItsOwnerHasNow(topology: String) throws {
        let place = try place("echo 0 > 1/note")
        let result = try place.serve(["--topology", topology]) { _ in
            #expect(place.wait { place.shell(6, "get note").status == 0 })
            #expect(place.shell(4, "get note").status == 0)
            for (turn, peer) in [(1, 5), (2, 2), (3, 3)] {
                place.script("echo \(turn) > 1/note.new && mv 1/note.new 1/note")
                // The others go on to offer the old ones.
                #expect(place.wait { place.shell(peer, "query note").lines.count == turn + 1 })
                #expect(place.shell(peer, "get note").status == 0)
                #expect(place.isSame("1/note", "\(peer)/note"))
            }
            place.shell(5, "shutdown")
        }
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.isEmpty, "\(result.errors)")
    }

    /// Peers 3 and 4 had tracker 1, and go to tracker 2.
    @Test(arguments: [(1, Int32(0), "ring"), (0, 1, "full")])
    func thePeersOfAKilledTrackerGoOnWithTheNext(
        tracker: Int, status: Int32, topology: String
    ) throws {
        let place = try place("head -c 20000000 /dev/urandom > 6/big")
        let options = Self.quickly + ["--topology", topology, "--limit-rate", "40M"]
        let result = try place.serve(options, limit: .seconds(90)) { job in
            #expect(place.wait { place.names(1).count == 7 })
            #expect(place.shell(3, "get f1").status == 0 && place.shell(1, "get f3").status == 0)
            for peer in [1, 3] { place.shell(peer, "get big later") }
            #expect(job.signal(SIGKILL, rank: tracker))
            #expect(
                place.wait {
                    let peers = place.shell(5, "peers").lines
                    return peers.count { $0.contains("\tthere") } == 6
                        && place.names(5).count == 7
                })
            #expect(self.holders(place, "f1", by: 5) == ["3", "5"])
            #expect(self.holders(place, "f3", by: 5) == ["3", "5"])
            for peer in [1, 3] {
                #expect(place.shell(peer, "wait").status == 0)
                #expect(place.isSame("\(peer)/big", "6/big"))
            }
            #expect(place.shell(4, "get f5", "get f2").status == 0)
            place.script("rm 4/f4 && echo new > 2/later")
            #expect(place.wait { place.names(6).contains("later") })
            #expect(place.wait { !place.names(1).contains("f4") })
            #expect(place.shell(3, "shutdown").status == 0)
        }
        #expect(result.status == status, "\(result.errors)")
        #expect(
            result.errors.contains(
                "mpiswarm: warning: rank \(tracker) has died: it counts as lost"))
        #expect(result.lines.last?.hasPrefix("6 files fetched, ") == true, "\(result.lines)")
    }

    @Test func aLostPeerIsNamedAndTheJobGoesOn() throws {
        let place = try place()
        let result = try place.serve(Self.quickly) { job in
            #expect(job.signal(SIGKILL, rank: 7))
            #expect(place.wait { place.shell(1, "peers").lines.contains("7\tlost") })
            #expect(place.wait { place.names(1).count == 5 })
            #expect(place.shell(1, "get f6").status == 0)
            place.shell(1, "shutdown")
        }
        #expect(result.status == 1)
        #expect(result.errors.contains("mpiswarm: rank 7 was lost"))
    }

    /// Half of it lies in one group, and the other half in another.
    @Test func longListsAreWhole() throws {
        let place = try ServePlace(
            ranks: 6, trackers: 2, "for i in $(seq 1500); do echo $i > $((1 + i % 4))/f$i; done")
        let result = try place.serve { _ in
            #expect(place.wait { place.names(1).count == 1500 && place.names(4).count == 1500 })
            place.shell(2, "shutdown")
        }
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test(arguments: [
        (["--trackers", "3"], "--trackers 3 leaves no peer: the job has 3 ranks"),
        (["--trackers", "2", "--super-peer", "2"], "--super-peer names 2, and the last tracker"),
        (["--trackers", "2", "--topology", "/none"], "/none: cannot be read"),
        (["--trackers", "2", "--share", "/none/{rank}"], "/none/1: cannot be read"),
    ])
    func aJobThatCannotBeginPrintsOneLine(words: [String], line: String) throws {
        let arguments = ["serve", "--share", "/tmp", "--job", "none"] + words
        let result = try ProcessRunner.mpirun(np: 3, arguments: arguments, limit: .seconds(60))
        #expect(result.status == 2)
        let ours = result.errors.split(separator: "\n").filter { $0.hasPrefix("mpiswarm: ") }
        #expect(ours.count == 1 && ours.first?.contains(line) == true, "\(ours)")
        #expect(result.lines.isEmpty)
    }
}
