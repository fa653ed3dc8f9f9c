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

    /// As `cp` and `rsync` copy them; what is printed of them is one line, and no command to the
    /// terminal.
    @Test func namesOfAnyBytesAreCopied() throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir t && cd t && for name in 'a\\tb' 'a\\nb' 'a\\0377' 'a\\0376' '\\0033[2J' \\
                '\\0342\\0200\\0256x' ' ' '-r' '*' '"' 'back\\\\slash' '\\0303('; do
                n="$(printf "%b_" "$name")" && n="${n%_}" && printf %s "$n" > "./$n" &&
                mkdir "./$n.folder" && ln "./$n" "./$n.folder/$n" &&
                ln -s -- "$n" "./$n.link" || exit 1
            done
            """)
        #expect(try place.shell("ls -A -b t | wc -l") == "36\n")
        #expect(try place.stage(3, "./t", "./o/{rank}").status == 0)
        for rank in 0..<3 { try place.expectSame("t", "o/\(rank)") }
        try place.shell("printf 'other' > \"o/1/$(printf 'a\\nb')\"")
        let result = try place.stage(3, "./t", "./o/{rank}")
        #expect(result.status == 1 && result.lines.count == 1, "\(result.command.errors)")
        #expect(result.lines.first?.contains("o/1/a\\nb is there and is different") == true)
        #expect(result.summary?.ranks[1].failure?.contains("o/1/a\\nb is there") == true)
        #expect(try place.stage(3, "--force", "./t", "./o/{rank}").status == 0)
        for rank in 0..<3 { try place.expectSame("t", "o/\(rank)") }
        #expect(try place.parts().isEmpty)
    }

    @Test func aSourceAndADestinationOfAnOddNameAreOnes() throws {
        let place = try StagePlace()
        try place.shell("mkdir \"$1\" && echo x > \"$1/x\"", "a\tb\n")
        #expect(try place.stage(2, "./a\tb\n", "./o{rank}/").status == 0)
        try place.expectSame("a\tb\n", "o1/a\tb\n")
        #expect(try place.stage(2, "./a\tb\n", "./\u{1b}[2J{rank}").status == 0)
        try place.expectSame("a\tb\n", "\u{1b}[2J1")
        #expect(try place.parts().isEmpty)
    }

    @Test func specialFilesAreLeftOutAndReported() throws {
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
    func badUsageIsPrintedOnce(words: [String]) throws {
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
        let never = "; move it away, because it is never replaced"
        for (source, destination, words) in [
            ("./f", "./pipe", "pipe is there, and is neither a file nor a folder"),
            ("./f", "./folder/", "folder/f is a folder, and SOURCE has a file there"),
            ("./folder", "./f", "f is not a folder, and SOURCE has one there"),
        ] {
            let result = try place.stage(2, "--force", source, destination)
            #expect(result.status == 1)
            #expect(result.lines.count == 1)
            #expect(result.lines.first?.hasSuffix(words + never) == true, "\(result.lines)")
        }
        try place.shell("test -p pipe && test -d folder/f && test -f f")
    }
}
