import TestSupport
import Testing

/// Destinations where something lies already.
extension StageTests {
    @Test func aDifferentFileIsRefusedByNameAndOthersGoOn() throws {
        let place = try StagePlace()
        try place.makeTree()
        try place.shell("mkdir -p out/1/many && echo other > out/1/many/9")
        let refused = try place.stage(3, "./tree", "./out/{rank}")
        #expect(refused.status == 1)
        #expect(refused.lines.count == 1)
        #expect(
            refused.lines.first?.contains("rank 1: \(place.path)/out/1/many/9 is there") == true)
        #expect(try place.shell("cat out/1/many/9; ls -A out/1") == "other\nmany\n")
        try place.expectSame("tree", "out/0")
        try place.expectSame("tree", "out/2")
        #expect(refused.summary?.complete == false)
        #expect(refused.summary?.ranks[1].failure?.contains("many/9") == true)

        #expect(try place.stage(3, "--force", "./tree", "./out/{rank}").status == 0)
        try place.expectSame("tree", "out/1")
        #expect(try place.parts().isEmpty)
    }

    /// The date says nothing, and the digests do.
    @Test func wrongPiecesAreRepairedAndOthersLeftAlone() throws {
        let place = try StagePlace()
        try place.shell(
            "mkdir t && head -c 400000 /dev/urandom > t/x && cp -a t/x t/y && echo > t/z")
        #expect(try place.stage(2, "./t", "./o/{rank}").status == 0)
        try place.shell(
            """
            printf '\\0\\0\\0\\0' | dd of=o/1/x bs=1 seek=200000 conv=notrunc status=none &&
            touch -r t/x o/1/x
            """)
        let before = try place.shell("cd o && ls -i 1/y 1/z 0/x 0/y 0/z")
        let blind = try place.stage(2, "./t", "./o/{rank}")
        #expect(blind.status == 0 && blind.summary?.fetched == 0)
        try place.shell("mkdir trace")
        let result = try place.stage(2, "--verify", "--trace-dir", "./trace", "./t", "./o/{rank}")
        #expect(result.status == 0)
        #expect(result.summary?.ranks.map(\.pieces) == [0, 1])
        // A receiver asks for what was not offered only when nothing has come for half a minute.
        let asked = try place.shell("cat trace/* | grep -c '> 0 upload request(.* offer: [1-9]'")
        #expect(asked == "1\n")
        try place.shell("! grep '> 0 upload request(.* offer: 0)' trace/*")
        #expect(try place.shell("cd o && ls -i 1/y 1/z 0/x 0/y 0/z") == before)
        for rank in 0..<2 { try place.expectSame("t", "o/\(rank)") }
        #expect(try place.parts().isEmpty)
    }

    /// The rank that publishes may have a wrong copy itself: the source has the last word.
    @Test func aWrongCopyAtThePublisherIsRepairedAndNotSpread() throws {
        let place = try StagePlace()
        try place.shell("mkdir t && head -c 400000 /dev/urandom > t/x")
        #expect(try place.stage(2, "./t", "./o/{rank}").status == 0)
        try place.shell(
            """
            printf '\\0\\0\\0\\0' | dd of=o/0/x bs=1 seek=200000 conv=notrunc status=none &&
            touch -r t/x o/0/x
            """)
        #expect(try place.stage(2, "--verify", "./t", "./o/{rank}").status == 0)
        for rank in 0..<2 { try place.expectSame("t", "o/\(rank)") }
    }

    @Test func linksInTheDestinationAreNotFollowed() throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir -p t/sub elsewhere o0 o1/sub o2 && echo x > t/sub/x && echo y > t/y &&
            ln -s ../elsewhere o0/sub && ln -s ../elsewhere/new o2/y && ln -s elsewhere o3
            """)
        let result = try place.stage(4, "./t", "./o{rank}")
        #expect(result.status == 1)
        #expect(result.lines.count == 3)
        for rank in [0, 2, 3] {
            #expect(result.lines.contains { $0.contains("rank \(rank): \(place.path)/o\(rank)") })
        }
        try place.expectSame("t", "o1")
        #expect(try place.shell("ls -A elsewhere").isEmpty)
        let forced = try place.stage(4, "--force", "./t", "./o{rank}")
        // A link that stands for a file is replaced, one that stands for a folder is not.
        #expect(forced.status == 1 && forced.lines.count == 2)
        try place.expectSame("t", "o2")
        #expect(try place.shell("ls -A elsewhere").isEmpty)
    }

    /// Each run would copy the copy of the last one.
    @Test(arguments: ["./t/copy", "./t/in/far/{rank}", "./t/", "./link/in/copy", "./t/in/../x/y"])
    func aDestinationInsideItsSourceIsRefused(destination: String) throws {
        let place = try StagePlace()
        try place.shell("mkdir -p t/in && echo x > t/x.txt && ln -s t link && cp -a t before")
        let result = try place.stage(2, "./t", destination)
        #expect(result.status == 2)
        #expect(result.lines.count == 1, "\(result.command.errors)")
        #expect(result.lines.first?.contains("lies inside SOURCE") == true)
        #expect(try place.shell("diff -r t before").isEmpty)
        let elsewhere = try place.stage(2, "--receivers", "1", "./t", "./o{rank}")
        #expect(elsewhere.status == 0)
    }

    @Test func aSourceMayBeItsDestinationOrLieInIt() throws {
        let place = try StagePlace()
        try place.shell("mkdir -p t/in && echo x > t/x && echo y > t/in/y && cp -a t before")
        #expect(try place.stage(2, "./t", "./t").status == 0)
        #expect(try place.shell("diff -r t before").isEmpty)
        #expect(try place.stage(2, "./t/in", "./t").status == 0)
        #expect(try place.shell("cat t/y t/x t/in/y") == "y\nx\ny\n")
        #expect(try place.parts().isEmpty)
    }
}
