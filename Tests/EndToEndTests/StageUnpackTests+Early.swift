import Glibc
import TestSupport
import Testing

/// Trees that travel while their archive is being read. The ranks of a test are on one host, so one
/// of them keeps a copy: copies on one host are granted room together, when the tree is known.
extension StageUnpackTests {
    private static let words = [
        "--unpack", "--sources", "0", "--receivers", "1", "./t.tgz", "./o",
    ]

    /// An archive of 40 files that compress to hardly less, in the order of their numbers.
    private func archive(_ place: StagePlace, more: String = "true") throws {
        try place.shell(
            """
            umask 022 && mkdir -p t/a t/b && for i in $(seq 40); do
                head -c 300000 /dev/urandom > t/$(echo ab | cut -c $((i % 2 + 1)))/$i || exit
            done &&
            ln t/a/2 t/b/again && ln -s ../a/2 t/b/link && : > t/a/nothing && \(more) &&
            tar --format=pax --sort=name -C t -czf t.tgz .
            """)
    }

    /// Kills the rank that reads the archive when a third of the files has come.
    private func killWhileReceiving(_ place: StagePlace) throws {
        let struck = try place.stage(2, all: ["--limit-rate", "6M"] + Self.words) { handle in
            do {
                try place.shell(
                    """
                    for i in $(seq 200); do
                        [ "$(du -sk .o.mpiswarm-part 2>/dev/null | cut -f 1)" -gt 4000 ] && exit
                        sleep 0.05
                    done
                    """)
            } catch { Issue.record(error) }
            #expect(handle.signal(SIGKILL, rank: 0))
        }
        #expect(struck.status != 0)
        #expect(try !place.exists("o"))
        #expect(try place.exists(".o.mpiswarm-part"))
    }

    /// Rank 0 keeps no copy and leaves no list: the second run reads the archive again.
    @Test func theTreeComesInPartsAndIsOne() throws {
        let place = try StagePlace()
        try archive(place)
        let first = try place.stage(2, all: Self.words)
        #expect(first.status == 0 && first.lines.isEmpty, "\(first.command.errors)")
        #expect(first.command.output.contains("1 of 1 copies of 41 files, 11.4 MiB;"))
        try place.expectSame("t", "o")
        #expect(try place.shell("ls -A") == "o\nsummary.json\nt\nt.tgz\n")
        let summary = try #require(first.summary)
        #expect(summary.ranks[1].fetched == 12_000_000)
        let again = try place.stage(2, all: Self.words)
        #expect(again.status == 0, "\(again.command.errors)")
        #expect(try #require(again.summary).ranks[1].fetched == 0)
        try place.shell("rm o/a/2 o/b/again o/b/3 o/b/link")
        let rest = try place.stage(2, all: Self.words)
        #expect(rest.status == 0, "\(rest.command.errors)")
        #expect(try #require(rest.summary).ranks[1].fetched < 2_000_000)
        try place.expectSame("t", "o")
        #expect(try place.shell("ls -A") == "o\nsummary.json\nt\nt.tgz\n")
    }

    /// What came before the damage was found gets no name.
    @Test func damageThatIsFoundLateIsOneLineAndLeavesNothing() throws {
        let place = try StagePlace()
        try archive(place, more: "head -c 500000 /dev/urandom > t/b/z")
        try place.shell("truncate -s -300000 t.tgz && rm -r t")
        let result = try place.stage(2, all: Self.words)
        #expect(result.status == 2 && result.lines.count == 1, "\(result.command.errors)")
        #expect(
            result.lines.first?.hasSuffix(
                "t.tgz: it cannot be unpacked: './b/z': the gzip file is cut off") == true,
            "\(result.lines)")
        #expect(try place.shell("ls -A") == "t.tgz\n")
    }

    /// The parts that are complete are not sent again, and nothing has its name before.
    @Test func aRerunTakesThePartsOverAfterTheDeathOfTheReader() throws {
        let place = try StagePlace()
        try archive(place)
        try killWhileReceiving(place)
        let result = try place.stage(2, all: Self.words)
        #expect(result.status == 0, "\(result.lines)")
        let fetched = try #require(result.summary).ranks[1].fetched
        #expect(fetched > 0 && fetched < 10_000_000)
        try place.expectSame("t", "o")
        #expect(try place.shell("ls -A") == "o\nsummary.json\nt\nt.tgz\n")
    }

    /// Each name stands for the last entry of that name, although the first one came earlier and
    /// looks like it.
    @Test(arguments: [[], ["--verify"]]) func aNameThatOccursTwiceStandsForTheLastFile(
        more: [String]
    ) throws {
        let place = try StagePlace()
        try place.shell(
            """
            umask 022 && mkdir -p t/d && for i in x d/y f1 f2 f3 f4; do
                head -c 1500000 /dev/urandom > t/$i || exit
            done
            pack() { tar --format=pax --mtime=@1600000000 -C t "$@"; }
            pack -cf t.tar ./x ./d ./f1 ./f2 ./f3 ./f4 &&
            head -c 1500000 /dev/urandom > t/x && head -c 1500000 /dev/urandom > t/d/y &&
            pack -rf t.tar ./x ./d/y && gzip t.tar && mv t.tar.gz t.tgz
            """)
        let result = try place.stage(2, all: more + Self.words)
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        try place.shell("for i in x d/y f1 f2 f3 f4; do cmp t/$i o/$i || exit; done")
        #expect(try place.shell("ls -A") == "o\nsummary.json\nt\nt.tgz\n")
    }

    /// A run is killed while it receives one archive, and the next one has another at the same
    /// DEST, with files of the same names, lengths and dates.
    @Test func theFilesOfAnEarlierArchiveAreNotTakenForThose() throws {
        let place = try StagePlace()
        try archive(place, more: "find t -exec touch -d @1600000000 {} +")
        try killWhileReceiving(place)
        try place.shell("rm -r t")
        try archive(place, more: "find t -exec touch -d @1600000000 {} +")
        let result = try place.stage(2, all: Self.words)
        #expect(result.status == 0, "\(result.lines)")
        try place.expectSame("t", "o")
        #expect(try place.shell("ls -A") == "o\nsummary.json\nt\nt.tgz\n")
    }

    /// What an earlier run has received stays for the one after the next.
    @Test func damageKeepsWhatAnEarlierRunHasLeft() throws {
        let place = try StagePlace()
        try archive(place)
        try killWhileReceiving(place)
        try place.shell("cp t.tgz good && truncate -s -300000 t.tgz")
        let damaged = try place.stage(2, all: Self.words)
        #expect(damaged.status == 2, "\(damaged.lines)")
        #expect(try place.exists(".o.mpiswarm-part"))
        try place.shell("mv good t.tgz")
        let result = try place.stage(2, all: Self.words)
        #expect(result.status == 0, "\(result.lines)")
        #expect(try #require(result.summary).ranks[1].fetched < 10_000_000)
        try place.expectSame("t", "o")
    }

    /// The length is not known before the end: parts are kept as long as there is room, and the
    /// copy is refused as always.
    @Test(.enabled(if: geteuid() == 0)) func aCopyWithoutRoomIsOneLineAndLeavesNothing() throws {
        let place = try StagePlace()
        try archive(place, more: "head -c 60000000 /dev/zero > t/b/zeros")
        try place.shell("mkdir disk && mount -t tmpfs -o size=60m tmpfs disk")
        defer {
            do { try place.shell("umount disk") } catch { Issue.record(error) }
        }
        let result = try place.stage(
            2, "--unpack", "--sources", "0", "--receivers", "1", "./t.tgz", "./disk/o")
        #expect(result.status == 1 && result.lines.count == 1, "\(result.command.errors)")
        #expect(result.lines.first?.contains("no space left on") == true, "\(result.lines)")
        #expect(try place.shell("ls -A disk").isEmpty)
    }

    /// Pieces leave before the last content, the tree, is described: that is at the archive's end.
    /// To decompress bzip2 takes long.
    @Test func piecesLeaveBeforeTheArchiveIsReadToItsEnd() throws {
        let place = try StagePlace()
        try archive(place)
        try place.shell("tar --format=pax -C t -cjf t.tgz . && mkdir trace")
        let result = try place.stage(2, all: ["--trace-dir", "./trace"] + Self.words)
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        let counts = try place.shell(
            """
            sort -n trace/*0* | awk '/ > .* download ack/ { sent++ }
                / > .* tracker fileListUpdate/ { early = sent } END { print early + 0, sent + 0 }'
            """)
        let found = counts.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        #expect(found.count == 2 && found[0] > 0 && found[0] <= found[1], "\(counts)")
    }
}
