import TestSupport
import Testing

/// What cannot be done is said in one line.
extension StageTests {
    @Test func aMissingSourceIsOneLine() throws {
        let place = try StagePlace()
        let result = try place.stage(3, "./nothing", "./out")
        #expect(result.status == 2)
        #expect(result.lines.count == 1)
        #expect(result.lines.first?.contains("/nothing") == true)
        #expect(try place.shell("ls -A").isEmpty)
    }

    @Test(arguments: ["./file/below", "./file/", "/proc/nothing/{rank}", "/dev/null/x"])
    func aDestinationThatCannotBeFailsByName(destination: String) throws {
        let place = try StagePlace()
        try place.shell("echo x > file && mkdir t && echo y > t/y")
        let result = try place.stage(2, "./t", destination)
        #expect(result.status == 1, "\(result.command.errors)")
        let receivers = try #require(result.summary).ranks.count { $0.copy }
        #expect(result.lines.count == receivers)
        #expect(result.lines.allSatisfy { $0.contains("rank ") && $0.contains(": /") })
        #expect(try place.shell("ls -A | sort") == "file\nsummary.json\nt\n")
    }

    @Test func namesThatNobodyCouldUseAreOneLine() throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir newline bytes && echo x > "newline/a
            b" && echo x > "bytes/$(printf 'a\\377')"
            """)
        for (name, word) in [("newline", "a?b"), ("bytes", "UTF-8")] {
            let result = try place.stage(2, "./\(name)", "./copy")
            #expect(result.status == 2)
            #expect(result.lines.count == 1, "\(result.command.errors)")
            #expect(result.lines.first?.contains(word) == true, "\(result.lines)")
        }
        #expect(try !place.exists("copy"))
    }

    @Test func whatIsNoFileIsLeftOutAndTold() throws {
        let place = try StagePlace()
        try place.shell("mkdir -p t/b && echo x > t/x && mkfifo t/a t/b/c t/d t/z")
        let result = try place.stage(3, "./t", "./out/{rank}")
        #expect(result.status == 0)
        #expect(
            result.lines == [
                "mpiswarm: warning: 4 entries are no files, folders or links and are left out: "
                    + "t/a, t/b/c, t/d, …"
            ])
        #expect(try place.shell("cd out/2 && find . -type f") == "./x\n")
    }

    /// A few links make a tree of any size.
    @Test(arguments: [
        ("mkdir -p t/a && ln -s .. t/a/up", "to the same folder, or to one above it"),
        (
            "mkdir t && cd t && seq 0 30 | xargs mkdir && for i in $(seq 0 29); do "
                + "ln -s ../$((i + 1)) $i/x; ln -s ../$((i + 1)) $i/y; done",
            "to this folder more than"
        ),
    ])
    func followingLinksEnds(making: String, words: String) throws {
        let place = try StagePlace()
        try place.shell(making)
        let result = try place.stage(2, "--follow", "./t", "./out")
        #expect(result.status == 2)
        #expect(result.lines.count == 1)
        #expect(result.lines.first?.contains(words) == true, "\(result.lines)")
    }

    /// Nobody follows it, neither while it is read nor where it arrives.
    @Test func aLinkThatLeadsOutArrivesAsALink() throws {
        let place = try StagePlace()
        try place.shell("mkdir t && ln -s ../.. t/up && ln -s /etc t/away && echo x > t/x")
        let result = try place.stage(2, "./t", "./copy")
        #expect(result.status == 0, "\(result.command.errors)")
        #expect(try place.shell("readlink copy/up copy/away") == "../..\n/etc\n")
    }

    @Test(arguments: [
        ["--sources=7", "./f", "./out"], ["--receivers", "2-9", "./f", "./out"],
        ["./f"], ["./f", "./out/.."], ["--readers=0", "./f", "./out"],
    ])
    func badUsageIsToldOnce(words: [String]) throws {
        let place = try StagePlace()
        try place.shell("mkdir f && echo x > f/x")
        let result = try place.stage(3, all: words)
        #expect(result.status == 2)
        #expect(result.lines.count == 1, "\(result.command.errors)")
        #expect(try place.shell("ls -A") == "f\n")
    }

    /// With rights to do it, a device would be lost.
    @Test func onlyFilesAndLinksAreReplacedByForce() throws {
        let place = try StagePlace()
        try place.shell("echo x > f && mkfifo pipe && mkdir -p folder/f")
        for destination in ["./pipe", "./folder/"] {
            let result = try place.stage(2, "--force", "./f", destination)
            #expect(result.status == 1)
            #expect(result.lines.count == 1)
            #expect(result.lines.first?.contains("--force") == false, "\(result.lines)")
        }
        try place.shell("test -p pipe && test -d folder/f")
    }
}
