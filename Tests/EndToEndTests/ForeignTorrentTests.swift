import TestSupport
import Testing

/// Our torrents as libtorrent and transmission-show read them, and those of libtorrent as we do.
/// `make setup-tests` installs both.
@Suite(.waitsForProcesses) struct ForeignTorrentTests {
    private static let checker =
        Folders.repository + "/Tests/EndToEndTests/libtorrent_check.py"

    private func place() throws -> Place {
        try Place("/usr/bin/python3 '\(Self.checker)' tree data")
    }

    /// Debian's own interpreter: another one does not see Debian's modules.
    private func foreign(_ place: Place, _ words: String...) throws -> CommandResult {
        try ProcessRunner.run(
            ["/usr/bin/python3", Self.checker] + words.map { place.inside($0) },
            limit: .seconds(60))
    }

    private func expectGood(_ result: CommandResult) {
        #expect(result.status == 0, "\(result.output) \(result.errors)")
    }

    private func show(_ place: Place, _ torrent: String) throws {
        try place.shell("'\(ProcessRunner.product("mpiswarm"))' show --json \(torrent) > shown")
    }

    struct Sample: Sendable, CustomTestStringConvertible {
        let format: String
        /// Below the folder `data`; the folder itself where it is empty.
        let file: String
        var options: [String] = []

        var path: String { file.isEmpty ? "./data" : "./data/" + file }
        /// What it lies in.
        var folder: String { path.prefix { $0 != "/" } + "/" + parents.map { $0 + "/" }.joined() }
        private var parents: [Substring] { path.split(separator: "/").dropFirst().dropLast() }
        var testDescription: String { ([format, path] + options).joined(separator: " ") }
    }

    private static let formats = ["torrent-v1", "torrent-v2", "hybrid"]
    private static let files = [
        "", "one", "under", "exact", "over", "sub/big", "-dash",
        "sub/déjà vu/文件夹/ñandú 🐦.txt",
    ]
    private static let notes = [
        "--private", "--comment", "naïve \"comment\"", "--creation-date", "1600000000",
        "--announce", "http://127.0.0.1:1/a,http://127.0.0.1:2/b", "--announce",
        "http://127.0.0.1:3/c",
    ]
    private static let samples =
        formats.flatMap { format in
            files.map { Sample(format: format, file: $0, options: ["--piece-size", "16K"]) }
                + [
                    Sample(format: format, file: ""),
                    Sample(format: format, file: "", options: notes),
                    Sample(
                        format: format, file: "over",
                        options: ["--announce", "http://127.0.0.1/only"]),
                ]
        } + [Sample(format: "torrent-v1", file: "", options: ["--piece-size", "20000"])]

    @Test(arguments: samples)
    func othersAcceptWhatWeMake(sample: Sample) throws {
        let place = try place()
        let made = try place.swarm(
            ["make", "--format", sample.format, sample.path, "-o", "./t"] + sample.options)
        #expect(made.status == 0, "\(made.errors)")
        try show(place, "t")
        expectGood(try foreign(place, "same", "./t", "./shown"))
        expectGood(try foreign(place, "dated", "./t", "./shown"))
        expectGood(try foreign(place, "seeds", "./t", sample.folder))
        // This version takes no torrent with a file tree, whoever made it.
        if sample.format == "torrent-v1" {
            expectGood(try foreign(place, "transmission", "./t", "./shown"))
        }
    }

    @Test(arguments: formats)
    func othersFindTheByteThatWeFind(format: String) throws {
        let place = try place()
        _ = try place.swarm(
            "make", "--format", format, "--piece-size", "16K", "./data", "-o", "./t")
        try place.shell(
            "printf '\\377' | dd of=data/sub/big bs=1 seek=100000 conv=notrunc status=none")
        let theirs = try foreign(place, "seeds", "./t", "./")
        #expect(theirs.status == 1)
        // Exactly one piece.
        let missing = theirs.output.split(separator: "[").last?.prefix { $0 != "]" } ?? ""
        #expect(Int(missing) != nil, "\(theirs.output) \(theirs.errors)")
        #expect(try place.swarm("verify", "./t", "./data").status == 1)
    }

    @Test(arguments: formats)
    func weAcceptWhatOthersMake(format: String) throws {
        let place = try place()
        for path in Self.files.map({ $0.isEmpty ? "./data" : "./data/" + $0 }) {
            let fields = """
                {"comment": "señor", "private": true,
                 "trackers": [["http://a/1", "http://b/2"], ["http://c/3"]]}
                """
            expectGood(try foreign(place, "make", format, "16384", path, "./t", fields))
            try show(place, "t")
            expectGood(try foreign(place, "same", "./t", "./shown"))
            expectGood(try foreign(place, "dated", "./t", "./shown"))
            let good = try place.swarm("verify", "./t", path)
            #expect(good.status == 0, "\(path): \(good.output) \(good.errors)")
            try place.shell("cp -a data kept")
            try place.shell(
                """
                cd '\(place.path)' && file='\(path)' && [ -f "$file" ] || file=data/sub/big
                at=$(($(stat -c %s "$file") - 1))
                printf '\\377' | dd of="$file" bs=1 seek=$at conv=notrunc status=none
                """)
            let bad = try place.swarm("verify", "./t", path)
            #expect(bad.status == 1, "\(path)")
            #expect(bad.lines.last?.hasPrefix("bad: 1 of ") == true, "\(bad.output)")
            try place.shell("rm -rf data && mv kept data")
        }
    }

    /// Of a folder only in v2: in the others libtorrent pads the last file, and a v1 torrent too.
    @Test(arguments: formats)
    func theSameFilesHaveTheSameInfoHashes(format: String) throws {
        let place = try place()
        let described = format == "torrent-v2" ? Self.files : Self.files.filter { !$0.isEmpty }
        for path in described.map({ $0.isEmpty ? "./data" : "./data/" + $0 }) {
            expectGood(try foreign(place, "make", format, "16384", path, "./t", "{}"))
            try show(place, "t")
            _ = try place.swarm(
                "make", "--format", format, "--piece-size", "16K", path, "-o", "./u", "--force")
            expectGood(try foreign(place, "same", "./u", "./shown"))
        }
    }
}
