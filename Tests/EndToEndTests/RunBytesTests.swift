import Glibc
import TestSupport
import Testing

/// Files of real bytes under the real mpirun.
@Suite(.serialized, .waitsForProcesses) struct RunBytesTests {
    /// Starts ranks, of which one is killed together with its supervisor as soon as rank 2 has
    /// begun to write.
    private static func killing(_ rank: Int) -> String {
        """
        "$@" & job=$!
        if [ "$OMPI_COMM_WORLD_RANK" = \(rank) ]; then
            while [ -z "$(find out -name '.client2.*.part' -size +0 2> /dev/null)" ]; do
                sleep 0.01
            done
            kill -9 $(cat /proc/$job/task/$job/children)
        fi
        wait $job
        """
    }

    private func place(_ script: String) throws -> Place {
        try Place("mkdir in out && cd in && { \(script) ; }")
    }

    private func run(
        _ np: Int, in place: Place, through wrapper: String? = nil
    ) throws -> CommandResult {
        let program = ProcessRunner.product("mpiswarm")
        var script = "cd '\(place.path)' && exec mpirun --allow-run-as-root --oversubscribe "
        script += "--bind-to none -np \(np) "
        if let wrapper {
            try place.shell("cat > wrapper <<'END'\n\(wrapper)\nEND")
            script += "sh ./wrapper "
        }
        return try ProcessRunner.run(
            ["sh", "-c", "\(script) '\(program)' run in --output out --stats"],
            limit: .seconds(100))
    }

    @Test func manyPiecesReachSeveralPeersThroughOneAnother() throws {
        let place = try place(
            """
            head -c 30000000 /dev/urandom > big
            printf '1\\nbig @big\\n0\\n' > in1.txt
            for p in 2 3 4; do printf '0\\n1\\nbig\\n' > in$p.txt; done
            """)
        let result = try run(5, in: place)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("3 of 3 files delivered, 1374 pieces, 85.8 MiB"))
        try place.shell("for p in 2 3 4; do cmp in/big out/client${p}_big || exit 1; done")
        try place.shell("test $(ls -A out | wc -l) = 3")
    }

    /// Its manifest is longer than a message, and travels as a content of its own.
    @Test func aLongManifestIsFetchedFirst() throws {
        let place = try place(
            """
            truncate -s 110000000 big && printf end >> big
            printf '1\\nbig @big\\n0\\n' > in1.txt
            printf '0\\n1\\nbig\\n' > in2.txt
            """)
        let result = try run(3, in: place)
        #expect(result.status == 0, "\(result.errors)")
        try place.shell("cmp in/big out/client2_big && test $(ls -A out | wc -l) = 1")
    }

    /// The killed run could not remove them.
    @Test func theLeftoversOfAKilledRunAreRemovedByTheNext() throws {
        let place = try place(
            """
            truncate -s 20M big && printf end >> big
            printf '1\\nbig @big\\n0\\n' > in1.txt
            printf '0\\n1\\nbig\\n' > in2.txt
            sleep 0 & wait $!
            host=$(uname -n | tr . _)
            cd ../out && echo old > .client2.$host.$!.7.part
            echo living > .client2.$host.1.7.part && echo other > .client3.$host.$!.7.part
            echo a > .client2.$host.x.7.part
            """)
        let result = try run(3, in: place)
        #expect(result.status == 0, "\(result.errors)")
        try place.shell("cmp in/big out/client2_big && test $(ls -A out | wc -l) = 4")
        try place.shell("test $(ls -d out/.client2.* | wc -l) = 2")
    }

    /// The lowest peer that lives keeps the account from then on.
    @Test func withoutRankZeroThePeersFinishAndTheFirstReports() throws {
        let place = try place(
            """
            head -c 200000000 /dev/urandom > big
            printf '1\\nbig @big\\n0\\n' > in1.txt
            for p in 2 3; do printf '0\\n1\\nbig\\n' > in$p.txt; done
            """)
        let result = try run(4, in: place, through: Self.killing(0))
        #expect(result.status == 1)
        #expect(result.errors.contains("rank 0 was killed"), "\(result.errors)")
        #expect(result.output.contains("2 of 2 files delivered"), "\(result.errors)")
        try place.shell("for p in 2 3; do cmp in/big out/client${p}_big || exit 1; done")
    }

    @Test func aFileOfAKilledOwnerIsNotDelivered() throws {
        let place = try place(
            """
            truncate -s 1G big
            printf '1\\nbig @big\\n0\\n' > in1.txt
            printf '0\\n1\\nbig\\n' > in2.txt
            """)
        let result = try run(3, in: place, through: Self.killing(1))
        #expect(result.status == 1)
        #expect(
            result.errors.contains(
                "big was not delivered to rank 2: "
                    + "the last rank that had the missing pieces is gone"), "\(result.errors)")
        try place.shell("test $(ls -A out | wc -l) = 0")
    }

    /// Peers that know each other go on to the end, and the lowest of them prints what came of it:
    /// no success.
    @Test func withoutRankZeroTheOthersFinishWhatTheyKnow() throws {
        let place = try place(
            """
            truncate -s 1G big
            printf '1\\nbig @big\\n0\\n' > in1.txt
            printf '0\\n1\\nbig\\n' > in2.txt
            """)
        let result = try run(3, in: place, through: Self.killing(0))
        #expect(!result.ranOut, "\(result.unfinished)")
        #expect(result.status == 1)
        #expect(result.output.contains("1 of 1 files delivered"), "\(result.output)")
        try place.shell("cmp in/big out/client2_big && test $(ls -A out | wc -l) = 1")
    }

    @Test func anotherOwnerTakesOver() throws {
        let place = try place(
            """
            truncate -s 300M big && printf end >> big
            cp --sparse=always big copy
            printf '1\\nbig @big\\n0\\n' > in1.txt
            printf '0\\n1\\nbig\\n' > in2.txt
            printf '1\\nbig @copy\\n0\\n' > in3.txt
            """)
        let result = try run(4, in: place, through: Self.killing(1))
        #expect(result.status == 0, "\(result.errors)")
        try place.shell("cmp in/big out/client2_big && test $(ls -A out | wc -l) = 1")
    }

    @Test func anInterruptLeavesNothingHalfDone() throws {
        let place = try place(
            """
            truncate -s 1G big
            printf '1\\nbig @big\\n0\\n' > in1.txt
            printf '0\\n1\\nbig\\n' > in2.txt
            """)
        // To mpirun itself, and not through a shell of each rank: mpirun waits for the processes
        // that it started, and a shell between would end before its rank has tidied up.
        let result = try ProcessRunner.mpirun(
            np: 3, arguments: ["run", "\(place.path)/in", "--output", "\(place.path)/out"],
            limit: .seconds(60)
        ) { job in
            do {
                try place.shell(
                    """
                    for turn in $(seq 3000); do
                        [ -n "$(find out -name '.client2.*.part' -size +0)" ] && exit
                        sleep 0.01
                    done
                    exit 1
                    """)
            } catch { Issue.record("\(error)") }
            job.signal(SIGINT)
        }
        #expect(result.status != 0)
        #expect(
            result.errors.hasPrefix(
                "mpiswarm: interrupted: 0 of 1 files delivered; a rerun starts over\n"))
        try place.shell("test $(ls -A out | wc -l) = 0")
    }
}
