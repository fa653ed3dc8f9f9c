import TestSupport
import Testing

/// Where `make` writes, and in which format.
@Suite(.waitsForProcesses) struct MakeOutputTests {
    private func place() throws -> Place { try Place("printf hello > one") }

    @Test(arguments: [
        ("x.seed", "seed file"), ("x.manifest", "manifest"), ("x.torrent", "hybrid torrent"),
        ("X.TORRENT", "hybrid torrent"), ("x", "hybrid torrent"),
    ])
    func theEndingChoosesTheFormat(file: String, format: String) throws {
        let place = try place()
        let made = try place.swarm("make", "./one", "--output", "./\(file)")
        #expect(made.status == 0, "\(made.errors)")
        let shown = try place.swarm("show", "./\(file)")
        #expect(shown.output.contains(format), "\(shown.output)")
        #expect(try place.swarm("verify", "./\(file)", "./one").status == 0)
    }

    @Test func aFileThatExistsIsReplacedOnlyByForce() throws {
        let place = try place()
        try place.shell("printf mine > x.seed")
        let kept = try place.swarm("make", "./one", "-o", "./x.seed")
        #expect(kept.status == 2)
        #expect(
            kept.errors == "mpiswarm: \(place.path)/x.seed: exists; replace it with --force\n")
        try place.shell(
            "test \"$(cat x.seed)\" = mine && test \"$(ls)\" = \"$(echo one; echo x.seed)\"")
        #expect(try place.swarm("make", "./one", "-o", "./x.seed", "--force").status == 0)
        try place.shell("test \"$(head -n 1 x.seed)\" = one")
    }

    @Test(arguments: ["seed", "torrent-v1", "hybrid"])
    func aHyphenIsStandardOutput(format: String) throws {
        let place = try place()
        #expect(
            try place.swarm("make", "./one", "--format", format, "-o", "./there").status == 0)
        try place.shell(
            "\(ProcessRunner.product("mpiswarm")) make one --format \(format) --output - > here "
                + "2> words && cmp here there && test ! -s words && test ! -e ./-")
    }
}
