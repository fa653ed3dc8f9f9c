import Glibc
import TestSupport
import Testing

/// make, show and verify as a person uses them.
@Suite(.waitsForProcesses) struct MetainfoTests {
    /// A folder with a file, a folder with two, and an empty file; and one line of text beside it.
    private func place() throws -> Place {
        try Place(
            """
            mkdir -p data/sub && : > data/empty &&
            head -c 200000 /dev/zero | tr '\\0' 'a' > data/big &&
            head -c 40000 /dev/zero | tr '\\0' 'b' > data/sub/one &&
            printf hello > data/sub/two && cp data/big single
            """)
    }

    private static let torrents = ["torrent-v1", "torrent-v2", "hybrid"]

    @Test(arguments: torrents)
    func aFolderIsDescribedAndVerified(format: String) throws {
        let place = try place()
        let made = try place.swarm(
            "make", "--format", format, "--piece-size", "16K", "./data", "-o", "./t")
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.lines.count == 1)
        let again = try place.swarm(
            "make", "--format=\(format)", "--piece-size=16K", "./data/", "--output", "./u")
        #expect(again.status == 0)
        let bytes = FileBytes.read(path: place.path + "/t")
        #expect(!bytes.isEmpty && bytes == FileBytes.read(path: place.path + "/u"))
        let good = try place.swarm("verify", "./t", "./data")
        #expect(good.status == 0)
        #expect(good.lines.last?.hasPrefix("good: ") == true)
        #expect(good.errors.isEmpty)

        try place.shell(
            "printf x | dd of=data/big bs=1 seek=100000 conv=notrunc status=none && "
                + "rm data/sub/two && printf more >> data/empty")
        let bad = try place.swarm("verify", "./t", "./data")
        #expect(bad.status == 1)
        #expect(bad.errors.isEmpty)
        #expect(bad.lines.contains("big: bad piece 6"))
        #expect(bad.lines.contains("empty: 4 bytes long and not 0"))
        #expect(bad.lines.contains { $0.hasPrefix("sub/two: missing") })
        #expect(bad.lines.last?.hasPrefix("bad: 2 of ") == true)
    }

    /// What `sha256sum` writes and checks, also of names that it escapes.
    @Test func checksumsAreThoseOfSha256sum() throws {
        let place = try place()
        try place.shell("cp single 'data/a\\b' && cp single \"data/$(printf 'x y')\"")
        let made = try place.swarm("make", "--format", "sha256sums", "./data", "-o", "./SUMS")
        #expect(made.status == 0, "\(made.errors)")
        try place.shell(
            "cd data && sha256sum --check --strict ../SUMS > ../checked && "
                + "find * -type f | LC_ALL=C sort | tr '\\n' '\\0' "
                + "| xargs -0 sha256sum > ../theirs && cmp ../SUMS ../theirs")
        for list in ["./SUMS", "./theirs"] {
            let good = try place.swarm("verify", list, "./data")
            #expect(good.status == 0 && good.lines == ["good: 6 files"], "\(good.output)")
        }
        try place.shell("rm data/sub/two && printf x >> data/big && chmod 0 data/empty")
        let bad = try place.swarm("verify", "./SUMS", "./data")
        #expect(bad.status == 1)
        #expect(bad.lines.contains("big: different") && bad.lines.contains("sub/two: missing"))
        try place.shell("sha256sum single | sed 's,single,../single,' > climbs")
        let climbs = try place.swarm("verify", "./climbs", "./data")
        #expect(climbs.status == 2)
        #expect(climbs.errors.hasSuffix("climbs: line 1: the path leads out of the folder\n"))
    }

    @Test(arguments: ["seed", "manifest", "torrent-v1", "torrent-v2", "hybrid"])
    func aFileIsDescribedAndVerified(format: String) throws {
        let place = try place()
        let made = try place.swarm("make", "--format", format, "./single", "-o", "./t")
        #expect(made.status == 0, "\(made.errors)")
        for path in ["./single", place.path] {
            let good = try place.swarm("verify", "./t", path)
            #expect(good.status == 0, "\(good.output) \(good.errors)")
        }
        try place.shell("printf x | dd of=single bs=1 seek=199999 conv=notrunc status=none")
        #expect(try place.swarm("verify", "./t", "./single").status == 1)
        try place.shell("head -c 100 data/big > single")
        let short = try place.swarm("verify", "./t", "./single")
        #expect(short.status == 1)
        #expect(short.output.contains("single: 100 bytes long and not 200000"))
    }

    @Test func aWrittenFileIsShown() throws {
        let place = try place()
        _ = try place.swarm(
            "make", "./data", "-o", "./t", "--comment", "a \"b\"\u{7}", "--private",
            "--creation-date", "1600000000", "--announce", "http://127.0.0.1/a")
        let shown = try place.swarm("show", "./t")
        #expect(shown.status == 0)
        #expect(shown.output.contains("2020-09-13 12:26:40 UTC"))
        #expect(shown.output.contains("a \"b\"\\u{7}"))
        #expect(shown.lines.last?.hasSuffix("5  sub/two") == true)
        let json = try place.swarm("show", "./t", "--json")
        #expect(json.status == 0)
        #expect(json.output.contains("\"comment\": \"a \\\"b\\\"\\u0007\""))
        #expect(json.output.contains("{\"path\": \"sub/two\", \"size\": 5}"))
        #expect(json.output.contains("\"private\": true"))
    }

    @Test func seedFilesAreTheOnesOfTheFormat() throws {
        let place = try place()
        let made = try place.swarm("make", "--format", "seed", "./data/sub/two", "-o", "./t")
        #expect(made.status == 0)
        let hash = "5d41402abc4b2a76b9719d911017c592"
        let text = String(decoding: FileBytes.read(path: place.path + "/t"), as: UTF8.self)
        #expect(text == "two\n5\n\(hash)\n\(hash)\n")
        let strong = try place.swarm(
            "make", "--format", "seed", "--digest", "sha256", "--piece-size", "3",
            "./data/sub/two", "-o", "./u")
        #expect(strong.status == 0)
        // Pieces of four would be as many.
        let guessed = try place.swarm("verify", "./u", "./data/sub/two")
        #expect(guessed.status == 1)
        #expect(guessed.output.contains("--piece-size"))
        #expect(
            try place.swarm("verify", "--piece-size=3", "./u", "./data/sub/two").status == 0)
    }

    @Test func linksAreNotFollowed() throws {
        let place = try place()
        try place.shell(
            "ln -s /etc/passwd data/link && ln -s /etc data/sub/folder && mkfifo data/p")
        let made = try place.swarm("make", "./data", "-o", "./t")
        #expect(made.status == 0)
        #expect(made.errors == "mpiswarm: left out as a link or no file: link (and 2 more)\n")
        #expect(made.output.contains("4 files"))
        try place.shell("mv data/sub/one single && ln -s ../../single data/sub/one")
        let bad = try place.swarm("verify", "./t", "./data")
        #expect(bad.status == 1)
        #expect(bad.output.contains("sub/one: a link, and links are not followed"))
        try place.shell("rm data/sub/one && mv data/sub moved && ln -s ../moved data/sub")
        let moved = try place.swarm("verify", "./t", "./data")
        #expect(moved.output.contains("sub/two: a link, and links are not followed"))
    }

    @Test func theOutputDoesNotDescribeItself() throws {
        let place = try place()
        #expect(try place.swarm("make", "./data", "-o", "./data/t").status == 0)
        let first = FileBytes.read(path: place.path + "/data/t")
        #expect(try place.swarm("make", "./data", "-o", "./data/t", "--force").status == 0)
        #expect(FileBytes.read(path: place.path + "/data/t") == first)
    }

    @Test(arguments: [
        ["make", "./nothing"], ["make", "./data", "--format", "seed", "-o", "./t"],
        ["make", "./data", "--format", "manifest", "-o", "./t"], ["make", "/", "-o", "./t"],
        ["make", "./single", "-o", "/dev/null"], ["make", "./single", "-o", "/dev/null/t"],
        ["make", "./single", "--piece-size", "20000", "-o", "./t"],
        ["make", "./single", "--piece-size", "0", "--format", "seed", "-o", "./t"],
        ["make", "/dev/null", "-o", "./t"], ["make", "./data", "-o"],
        ["make", "./bytes", "-o", "./t"], ["make", "./newline", "-o", "./t"],
        ["show", "./nothing"], ["show", "./data"], ["show", "./single"],
        ["show", "/dev/null"], ["verify", "./single", "./data"], ["verify", "./single"],
        ["verify", "./hostile", "./data"], ["show", "./deep"], ["show", "./huge"],
    ])
    func badUsageAndInputAreOneLine(words: [String]) throws {
        let place = try place()
        try place.shell(
            """
            mkdir bytes newline &&
            : > "bytes/$(printf 'a\\377')" && : > "newline/$(printf 'a\\nb')" &&
            printf 'd4:infod6:lengthi0e4:name2:..12:piece lengthi1e6:pieces0:ee' > hostile &&
            { printf 'd1:a'; head -c 5000000 /dev/zero | tr '\\0' 'l'; } > deep &&
            printf 'd4:infod6:lengthi0e4:name9223372036854775807:x' > huge
            """)
        let program = [ProcessRunner.product("mpiswarm")]
        let result = try ProcessRunner.run(
            program + words.map { $0.hasPrefix("./") ? place.path + $0.dropFirst() : $0 },
            limit: .seconds(60))
        #expect(result.status == 2, "\(result.output)")
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("mpiswarm: "))
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }

    /// A libcrypto without its providers is one that refuses everything.
    @Test(arguments: [
        (["make", "--format", "seed", "./single", "-o", "./u"], "MD5"),
        (["make", "--format", "torrent-v1", "./single", "-o", "./u"], "SHA-1"),
        (["make", "--format", "torrent-v2", "./data", "-o", "./u"], "SHA-256"),
        (["show", "./t"], "SHA-256"), (["verify", "./t", "./data"], "SHA-256"),
        (["verify", "./s", "./single"], "MD5"),
    ])
    func aDigestThatIsRefusedIsOneLine(words: [String], digest: String) throws {
        let place = try place()
        #expect(
            try place.swarm("make", "--format", "torrent-v2", "./data", "-o", "./t").status == 0)
        #expect(try place.swarm("make", "--format=seed", "./single", "-o", "./s").status == 0)
        try place.shell(
            """
            printf 'openssl_conf = a\\n[a]\\nproviders = b\\n[b]\\nbase = c\\n' > conf &&
            printf '[c]\\nactivate = 1\\n' >> conf
            """)
        let result = try place.swarm(words, environment: ["OPENSSL_CONF=\(place.path)/conf"])
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(
            result.errors
                == "mpiswarm: the libcrypto of this system refuses to compute \(digest)\n"
                || result.errors
                    == "mpiswarm: \(place.path)/t: the libcrypto of this system refuses "
                    + "to compute \(digest)\n"
        )
        // What needs none of it goes on.
        let manifest = try place.swarm(
            ["make", "--format=manifest", "./single", "-o", "./m"],
            environment: ["OPENSSL_CONF=\(place.path)/conf"])
        #expect(manifest.status == 0)
    }

    @Test func anOutputThatIsNamedByNobodyLiesHere() throws {
        let place = try place()
        let program = ProcessRunner.product("mpiswarm")
        try place.shell(
            "cd data/sub && '\(program)' make .. --format torrent-v1 && test -f data.torrent")
        try place.shell("'\(program)' verify data/sub/data.torrent data")
    }
}
