import Glibc
import TestSupport
import Testing

/// `--unpack` under mpirun.
@Suite(.serialized, .waitsForProcesses) struct StageUnpackTests {
    private static let notes = ".1.mpiswarm-archive"

    /// The copy is what `tar` would have made; rank 0 keeps none, so rank 1 unpacks.
    @Test func everyRankGetsTheTreeAndNoArchive() throws {
        let place = try StagePlace()
        try place.makeTree()
        try place.shell("tar --format=pax --sparse -C tree -czf tree.tar.gz .")
        let words = ["--unpack", "--receivers", "1,2", "./tree.tar.gz", "./o/{rank}"]
        let dry = try place.stage(3, all: ["--dry-run"] + words)
        #expect(dry.status == 0 && dry.lines.isEmpty, "\(dry.command.errors)")
        #expect(try !place.exists("o"))
        let first = try place.stage(3, all: words)
        #expect(first.status == 0 && first.lines.isEmpty, "\(first.command.errors)")
        for rank in 1...2 { try place.expectSame("tree", "o/\(rank)") }
        #expect(
            try place.shell("ls -A o o/\(Self.notes)").split(separator: "\n")
                == [
                    "o:", Self.notes[...], "1", "2", "", "o/\(Self.notes):", "index", "lock",
                ].filter { !$0.isEmpty })
        let again = try place.stage(3, all: words)
        let summary = try #require(again.summary)
        #expect(again.status == 0 && summary.ranks.allSatisfy { $0.read == 0 && $0.fetched == 0 })
        #expect(try place.parts().isEmpty)
    }

    /// An archive that ends too early is refused, and one that is more than the disk holds.
    @Test(.enabled(if: geteuid() == 0)) func aBadArchiveIsOneLineAndLeavesNothing() throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir disk t && mount -t tmpfs -o size=40m tmpfs disk && seq 200000 > t/x &&
            tar -czf whole.tgz t && head -c 300000 whole.tgz > cut.tgz &&
            head -c 400000000 /dev/zero > t/bomb && tar -czf bomb.tgz t
            """)
        defer {
            do { try place.shell("umount disk") } catch { Issue.record(error) }
        }
        let cut = try place.stage(2, "--unpack", "./cut.tgz", "./disk/{rank}")
        #expect(cut.status == 2 && cut.lines.count == 1, "\(cut.command.errors)")
        #expect(
            cut.lines.first?.hasSuffix(
                "cut.tgz: it cannot be unpacked: 't/x': the gzip file is cut off") == true)
        let bomb = try place.stage(2, "--unpack", "./bomb.tgz", "./disk/{rank}")
        #expect(bomb.status == 2 && bomb.lines.count == 1, "\(bomb.command.errors)")
        #expect(
            bomb.lines.first?.contains(
                "bomb.tgz: it does not fit into \(place.path)/disk/.0.mpiswarm-archive: ") == true)
        #expect(try place.shell("ls -A disk").isEmpty)
    }

    /// Only the bytes of a compressed archive need room beside the copy.
    @Test(.enabled(if: geteuid() == 0)) func aPlainTarIsReadWhereItIs() throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir disk t && mount -t tmpfs -o size=90m tmpfs disk &&
            head -c 30000000 /dev/urandom > t/f && echo x > t/x &&
            tar --format=pax -cf t.tar t && gzip -k -S .gz t.tar && mv t.tar.gz t.tgz
            """)
        defer {
            do { try place.shell("umount disk") } catch { Issue.record(error) }
        }
        let tight = try place.stage(2, "--unpack", "./t.tgz", "./disk/{rank}")
        #expect(tight.status != 0, "the bytes are on the disk three times")
        try place.shell("rm -rf disk/* disk/.??*")
        let result = try place.stage(2, "--unpack", "./t.tar", "./disk/{rank}")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        for rank in 0..<2 { try place.expectSame("t", "disk/\(rank)/t") }
    }

    @Test func aKilledJobIsContinuedFromWhatItUnpacked() throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir t && head -c 80000000 /dev/urandom > t/f && echo x > t/x &&
            tar --format=pax -czf t.tgz t
            """)
        let words = ["--unpack", "./t.tgz", "./o{rank}"]
        let struck = try place.stage(2, all: ["--limit-rate", "80M"] + words) { handle in
            place.wait(for: 14 << 20, of: ".o1.mpiswarm-part/tree/t/t/f")
            handle.killAll()
        }
        #expect(struck.status != 0)
        #expect(try !place.exists("o1"))
        let bytes = try place.shell("stat -c '%i %Z' .o0.mpiswarm-archive/bytes")
        var isKept = false
        let result = try place.stage(2, all: ["--limit-rate", "160M"] + words) { _ in
            place.wait(for: 20 << 20, of: ".o1.mpiswarm-part/tree/t/t/f")
            do {
                isKept = try place.shell("stat -c '%i %Z' .o0.mpiswarm-archive/bytes") == bytes
            } catch { Issue.record(error) }
        }
        #expect(isKept, "the archive is not unpacked again")
        #expect(result.status == 0, "\(result.lines)")
        let fetched = try #require(result.summary).ranks[1].fetched
        #expect(fetched > 0 && fetched < 80_000_000 - (8 << 20))
        for rank in 0..<2 { try place.expectSame("t", "o\(rank)/t") }
        #expect(try place.shell("ls -A .o0.mpiswarm-archive") == "index\nlock\n")
    }

    /// No other rank may take over from the one that unpacks, because the archive may have changed.
    @Test func aRerunContinuesAfterTheDeathOfTheRankThatUnpacks() throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir t && head -c 80000000 /dev/urandom > t/f && echo x > t/x &&
            tar --format=pax -czf t.tgz t
            """)
        let words = ["--unpack", "--receivers", "1,2", "./t.tgz", "./o{rank}"]
        let struck = try place.stage(3, all: ["--limit-rate", "80M"] + words) { handle in
            place.wait(for: 14 << 20, of: ".o2.mpiswarm-part/tree/t/t/f")
            #expect(handle.signal(SIGKILL, rank: 1))
        }
        #expect(struck.status == 1)
        #expect(
            struck.lines.contains {
                $0.hasSuffix(", rank 2: the last rank that had the missing pieces is gone")
            }, "\(struck.lines)")
        #expect(try !place.exists("o2"))
        let result = try place.stage(3, all: words)
        #expect(result.status == 0, "\(result.lines)")
        let fetched = try #require(result.summary).ranks[2].fetched
        #expect(fetched > 0 && fetched < 80_000_000 - (8 << 20))
        for rank in 1...2 { try place.expectSame("t", "o\(rank)/t") }
        #expect(try place.shell("ls -A .o1.mpiswarm-archive") == "index\nlock\n")
        #expect(try place.parts().isEmpty)
    }
}
