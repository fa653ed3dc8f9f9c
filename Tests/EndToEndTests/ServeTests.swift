import Glibc
import TestSupport
import Testing

/// A swarm that keeps running, and those who use it.
@Suite(.serialized, .waitsForProcesses) struct ServeTests {
    /// Files appear, change and vanish, and are fetched by others while one rank leaves and
    /// another is stopped past its lease.
    @Test(arguments: [
        (1, "full"), (2, "full"), (3, "full"), (3, "line"), (3, "ring"), (4, "line"), (5, "ring"),
    ])
    func filesComeAndGoWhileRanksDo(trackers: Int, topology: String) throws {
        let place = try ServePlace(
            ranks: 5 + trackers, trackers: trackers,
            "head -c 5000000 /dev/urandom > 1/big && echo old > 2/note")
        let options = ["--alive-interval", "200ms", "--lease", "2s"]
        let result = try place.serve(options + ["--topology", topology]) { job in
            #expect(place.wait { place.names().count == 2 })
            #expect(place.shell(3, "get big", "get note").status == 0)
            place.script("echo newer > 2/note && mkdir 4/sub && echo x > 4/sub/x")
            #expect(place.wait { place.names().contains("sub/x") })
            #expect(place.shell(5, "leave").status == 0)
            #expect(
                place.wait {
                    place.shell(4, "get note").status == 0 && place.isSame("2/note", "4/note")
                })
            let first = place.rank(1)
            #expect(job.signal(SIGSTOP, rank: first))
            #expect(place.wait { place.shell(2, "peers").lines.contains("\(first)\tlost") })
            #expect(place.shell(2, "get big").status == 0, "rank 3 has it")
            #expect(job.signal(SIGCONT, rank: first))
            #expect(place.wait { place.shell(2, "peers").lines.contains("\(first)\tthere") })
            #expect(place.shell(5, "get sub/x").status == 1, "it has left")
            #expect(place.shell(5, "join", "get sub/x", "get big from \(first)").status == 0)
            place.script("rm 4/sub/x 5/sub/x")
            #expect(place.wait { !place.names(2).contains("sub/x") })
            #expect(place.shell(2, "get sub/x").status == 1)
            #expect(place.shell(3, "shutdown").status == 0)
        }
        #expect(result.status == 0, "\(result.errors)")
        for rank in [2, 3, 5] { #expect(place.isSame("1/big", "\(rank)/big")) }
        let parts = place.script("find . -name '*.mpiswarm-*'")
        #expect(parts.output.isEmpty, "\(parts.output)")
    }

    /// Files that were written to a moment ago are looked at a second later, and the line that
    /// ranks serve comes after that.
    @Test(arguments: [1, 3]) func existingFilesCanBeFetchedOnceTheyAreAnnounced(trackers: Int)
        throws
    {
        let place = try ServePlace(ranks: 3 + trackers, trackers: trackers)
        let (first, second) = (place.rank(1), place.rank(2))
        let result = place.script(
            """
            export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 &&
            echo one > 1/one && echo two > 2/two && head -c 5000000 /dev/urandom > 3/three &&
            { timeout -k 5 60 mpirun --oversubscribe --bind-to none -np \(3 + trackers) "$1" \
                serve --share "$0/{rank}" --job test --trackers \(trackers) > log 2>&1 & } &&
            until grep -q 'serve;' log; do sleep 0.05; done &&
            "$1" shell --rank \(second) -c 'get one' -c 'get three' &&
            "$1" shell --rank \(first) -c 'get three' -c 'get two' -c 'query one' -c shutdown &&
            wait && cmp 1/one 2/one && cmp 3/three 1/three && cmp 2/two 1/two && cat log
            """, limit: .seconds(70))
        #expect(result.status == 0, "\(result.output) \(result.errors)")
    }

    /// A question that comes before that line waits for those who still look.
    @Test(arguments: [1, 3]) func aGetThatComesTooEarlyWaits(trackers: Int) throws {
        let place = try ServePlace(ranks: 3 + trackers, trackers: trackers, "echo one > 1/one")
        let result = try place.serve { _ in
            #expect(place.shell(2, "get one").status == 0)
            #expect(place.isSame("1/one", "2/one"))
            #expect(place.shell(3, "get two").errors.contains("no rank owns it"))
            place.script("mkdir more && echo two > more/two")
            #expect(place.shell(1, "share \(place.path)/more").status == 0)
            #expect(place.shell(3, "get more/two").status == 0, "it was shared and announced")
            place.shell(3, "shutdown")
        }
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func aRemovedFileEndsItsTransfersWithTheReason() throws {
        let place = try ServePlace(ranks: 3, "head -c 40000000 /dev/urandom > 1/big")
        let result = try place.serve(["--limit-rate", "40M"]) { _ in
            #expect(place.wait { place.names(2) == ["big"] })
            place.shell(2, "get big later")
            pause(.seconds(1))
            place.script("rm 1/big")
            let waited = place.shell(2, "wait")
            #expect(waited.status == 1)
            #expect(waited.errors.contains("its owner has removed or changed it"))
            let left = place.script("find 2 -type f")
            #expect(left.output.isEmpty, "\(left.output)")
            place.shell(2, "shutdown")
        }
        #expect(result.status == 0)
    }

    /// No rank of its host need be left that others could ask to look for it.
    @Test func theSocketOfAKilledRankIsRemoved() throws {
        let place = try ServePlace(ranks: 3)
        _ = try place.serve { job in
            #expect(job.signal(SIGKILL, rank: 2))
            #expect(place.wait { place.script("test ! -e run/mpiswarm/test.2").status == 0 })
            #expect(place.script("ls -A run/mpiswarm").output == "test.1\n")
            place.shell(1, "shutdown")
        }
    }

    @Test func anInterruptedJobIsContinued() throws {
        let place = try ServePlace(ranks: 3, "head -c 40000000 /dev/urandom > 1/big")
        let struck = try place.serve(["--limit-rate", "80M"]) { job in
            #expect(place.wait { place.names(2) == ["big"] })
            place.shell(2, "get big later")
            pause(.seconds(2))
            job.signal(SIGTERM)
        }
        #expect(struck.status != 0)
        #expect(struck.errors.hasPrefix("mpiswarm: interrupted: 0 files fetched; "))
        #expect(place.script("test ! -e 2/big && ls 2/.*.mpiswarm-part").status == 0)
        #expect(place.script("ls run/mpiswarm").output.isEmpty, "no socket stays behind")
        let result = try place.serve { _ in
            #expect(place.wait { place.names(2) == ["big"] })
            #expect(place.shell(2, "get big").status == 0)
            place.shell(2, "shutdown")
        }
        #expect(result.status == 0)
        #expect(place.isSame("1/big", "2/big"))
        let size = result.lines.last?.split(separator: " ").suffix(2).first.flatMap { Double($0) }
        #expect((size ?? 0) < 35, "some of it was there: \(result.lines)")
        #expect(place.script("find . -name '*.mpiswarm-*'").output.isEmpty)
    }

    /// Which is a thousand orders, from four shells at once.
    @Test func aThousandSmallFilesAreFetched() throws {
        let place = try ServePlace(
            ranks: 6, "for i in $(seq 1000); do echo file $i > 1/f$i; done")
        let result = try place.serve(limit: .seconds(120)) { _ in
            #expect(place.wait { place.names(2).count == 1000 })
            let done = place.script(
                """
                for rank in 2 3 4 5; do
                    seq $((rank * 250 - 499)) $((rank * 250 - 250)) | sed 's/.*/get f&/' |
                        "$1" shell --job test --rank $rank > shell$rank.txt || echo failed &
                done; wait
                """, limit: .seconds(60))
            #expect(done.output.isEmpty && done.errors.isEmpty, "\(done.output)\(done.errors)")
            place.shell(2, "shutdown")
        }
        #expect(result.status == 0)
        let same = place.script("cat 2/f* 3/f* 4/f* 5/f* | sort | cksum; cat 1/f* | sort | cksum")
        #expect(same.lines.count == 2 && same.lines[0] == same.lines[1])
    }

    @Test func badUsageIsOneLine() throws {
        let place = try ServePlace(ranks: 3)
        for options in [["--lease", "3s"], ["--job", "a b"], ["--share="]] {
            let result = place.run(
                [
                    "mpirun", "--allow-run-as-root", "--oversubscribe", "-np", "3",
                    ProcessRunner.product("mpiswarm"), "serve", "--share", "/tmp",
                ] + options)
            #expect(result.status == 2)
            #expect(result.errors.split(separator: "\n").count { $0.hasPrefix("mpiswarm: ") } == 1)
        }
        let missing = place.run(
            [
                "mpirun", "--allow-run-as-root", "--oversubscribe", "-np", "3",
                ProcessRunner.product("mpiswarm"), "serve", "--share", "/nowhere/{rank}",
            ])
        #expect(missing.status == 2)
        #expect(missing.errors.contains("mpiswarm: /nowhere/1: cannot be read"))
        #expect(missing.errors.split(separator: "\n").count { $0.hasPrefix("mpiswarm: ") } == 1)
    }

    /// Two files of one name, one that is touched, one that is removed while its rank is away,
    /// and an end that is asked for by who has left.
    @Test func commandsOutOfOrderSucceed() throws {
        let place = try ServePlace(
            ranks: 4, "echo one > 1/note && echo three > 3/note && echo a > 1/a")
        let result = try place.serve(["--output", "\(place.path)/out{rank}"]) { _ in
            #expect(place.wait { place.names(2) == ["a", "note", "note"] })
            #expect(place.shell(2, "get note from 3 to \(place.path)/there", "get a").status == 0)
            #expect(place.isSame("3/note", "there"))
            let holders = { place.shell(3, "holders a").lines.map { $0.prefix(1) } }
            #expect(place.wait { holders() == ["1", "2"] })
            place.script("touch 1/a")
            #expect(place.shell(2, "leave").status == 0)
            #expect(place.wait { holders() == ["1"] })
            place.script("rm out2/a")
            // It looks each second.
            pause(.seconds(3))
            #expect(place.shell(2, "join", "where a").status == 1)
            #expect(place.wait { place.shell(2, "list").lines.count == 3 })
            #expect(holders() == ["1"])
            #expect(place.shell(3, "get a", "leave", "shutdown").status == 0)
        }
        #expect(result.status == 0, "\(result.errors)")
        #expect(place.isSame("1/a", "out3/a"))
    }
}
