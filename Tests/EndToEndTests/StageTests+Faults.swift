import Glibc
import TestSupport
import Testing

/// Jobs that are struck while the bytes move, slowly enough to be struck.
extension StageTests {
    private static let byteCount = 40_000_000
    /// For jobs that must not reach their end, even if a busy machine strikes some seconds late.
    private static let longByteCount = 100_000_000
    /// Ten megabytes a second and rank.
    private static let slowly = ["--limit-rate", "80M"]

    private func place(_ byteCount: Int = Self.byteCount) throws -> StagePlace {
        let place = try StagePlace()
        try place.shell("mkdir t && head -c \(byteCount) /dev/urandom > t/f && echo x > t/x")
        return place
    }

    @Test func anInterruptedJobIsContinued() throws {
        let place = try place(Self.longByteCount)
        let struck = try place.stage(3, all: Self.slowly + ["./t", "./o{rank}"]) { handle in
            place.wait(for: 14 << 20, of: ".o1.mpiswarm-part/tree/t/f")
            handle.killAll()
        }
        #expect(struck.status != 0)
        #expect(try !place.exists("o1") && !place.exists("o2"))
        #expect(try place.exists(".o1.mpiswarm-part"))
        let result = try place.stage(3, "./t", "./o{rank}")
        #expect(result.status == 0)
        let fetched = try #require(result.summary).ranks[1].fetched
        #expect(fetched > 0 && fetched < Self.longByteCount - (8 << 20))
        for rank in 0..<3 { try place.expectSame("t", "o\(rank)") }
        #expect(try place.parts().isEmpty)
    }

    /// Between two jobs somebody else writes to what grows, and puts the date back.
    @Test func aFileAlteredMeanwhileIsFetchedAgain() throws {
        let place = try place(Self.longByteCount)
        let struck = try place.stage(3, all: Self.slowly + ["./t", "./o{rank}"]) { handle in
            place.wait(for: 14 << 20, of: ".o1.mpiswarm-part/tree/t/f")
            handle.signal(SIGTERM)
        }
        #expect(struck.status != 0)
        try place.shell(
            """
            for rank in 1 2; do
                file=.o$rank.mpiswarm-part/tree/t/f && touch -r $file date &&
                printf altered | dd of=$file bs=1 seek=3000000 conv=notrunc status=none &&
                touch -r date $file || exit 1
            done
            """)
        let result = try place.stage(3, "./t", "./o{rank}")
        #expect(result.status == 0, "\(result.lines)")
        for rank in 0..<3 { try place.expectSame("t", "o\(rank)") }
    }

    /// While the job runs: it is seen before the names are given. The file is altered five times,
    /// since an alteration that falls into one of our own writes is not seen by itself.
    @Test func aGrowingFileThatIsAlteredIsFetchedAgain() throws {
        let place = try place()
        let result = try place.stage(3, all: Self.slowly + ["./t", "./o{rank}"]) { handle in
            place.wait(for: 14 << 20, of: ".o1.mpiswarm-part/tree/t/f")
            for position in 1...5 {
                FileBytes.overwrite(
                    path: place.path + "/.o1.mpiswarm-part/tree/t/f", at: position * 1_000_000)
                pause(.milliseconds(20))
            }
        }
        #expect(result.status == 0, "\(result.lines)")
        for rank in 0..<3 { try place.expectSame("t", "o\(rank)") }
    }

    /// Nothing lies at the path asked for: that is no success.
    @Test func aDestinationThatIsRenamedIsNoSuccess() throws {
        let place = try place()
        let result = try place.stage(2, all: Self.slowly + ["./t", "./d{rank}/o"]) { handle in
            place.wait(for: 8 << 20, of: "d1/.o.mpiswarm-part/tree/t/f")
            FileBytes.rename(path: place.path + "/d1", to: place.path + "/moved")
        }
        #expect(result.status == 1)
        #expect(result.lines.contains { $0.contains("rank 1: \(place.path)/d1: ") })
        try place.expectSame("t", "d0/o")
    }

    @Test func anInterruptedJobEndsSoonAndIsContinued() throws {
        let place = try place(Self.longByteCount)
        let clock = ContinuousClock()
        var struckAt = clock.now
        let struck = try place.stage(3, all: Self.slowly + ["./t", "./o{rank}"]) { handle in
            place.wait(for: 14 << 20, of: ".o1.mpiswarm-part/tree/t/f")
            struckAt = clock.now
            handle.signal(SIGTERM)
        }
        #expect(clock.now - struckAt < .seconds(20))
        #expect(struck.status != 0)
        expectOneLineAboutTheInterrupt(struck)
        #expect(struck.command.orphans == 0)
        #expect(try !place.exists("o1") && !place.exists("o2"))
        #expect(try place.stage(3, "./t", "./o{rank}").status == 0)
        for rank in 0..<3 { try place.expectSame("t", "o\(rank)") }
        #expect(try place.parts().isEmpty)
    }

    /// mpirun ends the others, whichever rank was signalled, and returns what that rank returned.
    @Test(arguments: [(0, SIGTERM, 143), (1, SIGINT, 130)])
    func anInterruptedRankEndsTheJobWithItsCode(rank: Int, signal: Int32, code: Int32) throws {
        let place = try place(Self.longByteCount)
        let struck = try place.stage(3, all: Self.slowly + ["./t", "./o{rank}"]) { handle in
            place.wait(for: 8 << 20, of: ".o1.mpiswarm-part/tree/t/f")
            #expect(handle.signal(signal, supervisorOf: rank))
        }
        #expect(struck.status == code)
        expectOneLineAboutTheInterrupt(struck)
        #expect(try place.stage(3, "./t", "./o{rank}").status == 0)
        for rank in 0..<3 { try place.expectSame("t", "o\(rank)") }
    }

    /// The rank that keeps the account answers, whichever that is.
    @Test func withoutRankZeroTheNextRankAnswersAnInterrupt() throws {
        let place = try place(Self.longByteCount)
        let words = Self.slowly + ["--sources=1", "./t", "./o{rank}"]
        let struck = try place.stage(3, all: words) { handle in
            place.wait(for: 8 << 20, of: ".o2.mpiswarm-part/tree/t/f")
            #expect(handle.signal(SIGKILL, rank: 0))
            place.wait(for: 14 << 20, of: ".o2.mpiswarm-part/tree/t/f")
            handle.signal(SIGTERM)
        }
        #expect(struck.status != 0)
        let lines = struck.lines.filter { $0.hasPrefix("mpiswarm: interrupted: ") }
        // Rank 1 copies from its own disk, and may be done.
        let ends = [0, 1].map { "\($0) of 3 copies complete; a rerun does the rest" }
        let isRight = ends.contains { lines.first?.hasSuffix($0) == true }
        #expect(lines.count == 1 && isRight, "\(lines)")
    }

    private func expectOneLineAboutTheInterrupt(_ struck: StageResult) {
        let lines = struck.lines
        #expect(lines.count == 1, "\(lines)")
        let line = lines.first ?? ""
        #expect(line.hasPrefix("mpiswarm: interrupted: "), "\(line)")
        #expect(line.hasSuffix(" of 3 copies complete; a rerun does the rest"), "\(line)")
    }

    /// Ranks that talk over TCP notice a death by their connections, about which Open MPI has much
    /// to say. After the result mpirun adds lines of its own.
    @Test func aDeathOverTCPIsReportedInOurWordsOnly() throws {
        let place = try place()
        let words = Self.slowly + ["./t", "./o{rank}"]
        let result = try place.stage(
            4, all: words, environment: ["OMPI_MCA_btl=tcp,self"]
        ) { handle in
            place.wait(for: 8 << 20, of: ".o2.mpiswarm-part/tree/t/f")
            #expect(handle.signal(SIGKILL, rank: 2))
        }
        #expect(result.status == 1)
        let lines = result.command.errors.split(separator: "\n")
        let verdict = lines.lastIndex { $0.hasSuffix(", rank 2: it was lost") }
        let last = try #require(verdict)
        let foreign = lines[...last].filter { !$0.hasPrefix("mpiswarm: ") }
        #expect(foreign.isEmpty, "\(foreign)")
        #expect(!lines.contains { $0.contains("help-mpi-btl-tcp.txt") }, "\(lines)")
    }

    @Test func aKilledReceiverIsNamedAndTheOthersFinish() throws {
        let place = try place()
        let result = try place.stage(4, all: Self.slowly + ["./t", "./o{rank}"]) { handle in
            place.wait(for: 8 << 20, of: ".o2.mpiswarm-part/tree/t/f")
            #expect(handle.signal(SIGKILL, rank: 2))
        }
        #expect(result.status == 1)
        let verdicts = result.lines.filter { $0.hasSuffix(", rank 2: it was lost") }
        #expect(verdicts.count == 1, "\(result.lines)")
        #expect(result.summary?.ranks.compactMap(\.failure).count == 1)
        for rank in [0, 1, 3] { try place.expectSame("t", "o\(rank)") }
        #expect(try !place.exists("o2"))
        #expect(try place.parts().count { !$0.hasPrefix("./.o2.") } == 0)
    }

    /// The lowest rank that lives keeps the account from then on, though the job has one tracker.
    @Test func withoutRankZeroTheOthersFinishAndTheNextRankReports() throws {
        let place = try place()
        let words = Self.slowly + ["--sources=1", "./t", "./o{rank}"]
        let result = try place.stage(4, all: words, limit: .seconds(120)) { handle in
            place.wait(for: 8 << 20, of: ".o2.mpiswarm-part/tree/t/f")
            #expect(handle.signal(SIGKILL, rank: 0))
        }
        #expect(result.status == 1)
        #expect(result.lines.contains { $0.contains("rank 0 was killed") })
        #expect(result.command.lines == ["3 of 4 copies are complete; rank 0 was lost"])
        let summary = try #require(result.summary)
        #expect(!summary.complete)
        #expect(summary.ranks.map { $0.failure == nil } == [false, true, true, true])
        for rank in 1...3 { try place.expectSame("t", "o\(rank)") }
        #expect(try place.parts().count { !$0.hasPrefix("./.o0.") } == 0)
    }

    /// What only rank 0 had, nobody gets; and no rank waits for it without an end.
    @Test func withoutRankZeroThatReadsAJobEndsAndNamesNothing() throws {
        let place = try place()
        let words = Self.slowly + ["--sources=0", "./t", "./o{rank}"]
        let result = try place.stage(3, all: words, limit: .seconds(120)) { handle in
            place.wait(for: 8 << 20, of: ".o1.mpiswarm-part/tree/t/f")
            #expect(handle.signal(SIGKILL, rank: 0))
        }
        #expect(result.status == 1)
        #expect(result.command.lines == ["0 of 3 copies are complete; rank 0 was lost"])
        #expect(try !place.exists("o1") && !place.exists("o2"))
        // The next run continues.
        let again = try place.stage(3, "./t", "./o{rank}")
        #expect(again.status == 0, "\(again.lines)")
        let moved = try #require(again.summary).ranks[1...].map(\.fetched).reduce(0, +)
        #expect(moved <= 2 * Self.byteCount - (8 << 20))
        for rank in 0...2 { try place.expectSame("t", "o\(rank)") }
    }

    /// The first of them reads, and is killed: the other sees the same source.
    @Test func anotherRankReadsTheRest() throws {
        let place = try place()
        let words = Self.slowly + ["--sources=1,2", "./t", "./o{rank}"]
        let result = try place.stage(4, all: words, limit: .seconds(90)) { handle in
            place.wait(for: 6 << 20, of: ".o2.mpiswarm-part/tree/t/f")
            #expect(handle.signal(SIGKILL, rank: 1))
        }
        #expect(result.status == 1)
        #expect(result.summary?.ranks.compactMap(\.failure).count == 1)
        for rank in [0, 2, 3] { try place.expectSame("t", "o\(rank)") }
        // What was there was not read again.
        let read = try #require(result.summary).ranks[2].read
        #expect(read > 0 && read < Self.byteCount)
    }

    /// Neither of the two that see the source keeps a copy.
    @Test func aRankThatSeesTheSourceStandsInForItsReader() throws {
        let place = try place()
        let words = Self.slowly + ["--sources=1,2", "--receivers=0,3", "./t", "./o{rank}"]
        let result = try place.stage(4, all: words, limit: .seconds(120)) { handle in
            place.wait(for: 6 << 20, of: ".o3.mpiswarm-part/tree/t/f")
            #expect(handle.signal(SIGKILL, rank: 1))
        }
        #expect(result.status == 1)
        for rank in [0, 3] { try place.expectSame("t", "o\(rank)") }
        #expect(try place.parts().isEmpty)
    }

    /// Nobody can have what the only reader has not sent.
    @Test func withoutItsReaderAJobEndsAndNamesNothing() throws {
        let place = try place()
        let words = Self.slowly + ["--sources=1", "./t", "./o{rank}"]
        let result = try place.stage(3, all: words, limit: .seconds(90)) { handle in
            place.wait(for: 6 << 20, of: ".o2.mpiswarm-part/tree/t/f")
            #expect(handle.signal(SIGKILL, rank: 1))
        }
        #expect(result.status == 1)
        // Its own copy may have been whole by then.
        if try place.exists("o1") { try place.expectSame("t", "o1") }
        #expect(try !place.exists("o0") && !place.exists("o2"))
        for rank in 0..<3 {
            let failure = result.summary?.ranks[rank].failure ?? ""
            #expect(result.lines.contains { $0.hasSuffix("rank \(rank): \(failure)") })
            #expect(!failure.isEmpty)
        }
    }
}
