import Glibc
import TestSupport
import Testing

/// Owners and attributes, which only the superuser may give away.
@Suite(.serialized, .waitsForProcesses, .enabled(if: geteuid() == 0)) struct StagePreservingTests {
    /// Sets what no shell command of every machine can set.
    private static let setting = """
        import os, sys
        tree = sys.argv[1]
        os.setxattr(tree + '/long', 'user.mood', b'\\x00fine')
        os.setxattr(tree + '/d', 'user.of-a-folder', b'1')
        access = bytes([2, 0, 0, 0] + [1, 0, 6, 0] + [255] * 4 + [2, 0, 4, 0, 210, 4, 0, 0]
            + [4, 0, 4, 0] + [255] * 4 + [16, 0, 4, 0] + [255] * 4 + [32, 0, 0, 0] + [255] * 4)
        os.setxattr(tree + '/listed', 'system.posix_acl_access', access)
        """

    private static let telling = """
        import os, sys
        for folder, folders, files in os.walk(sys.argv[1]):
            folders.sort()
            for name in sorted(folders + files):
                path = os.path.join(folder, name)
                s = os.lstat(path)
                kept = [] if os.path.islink(path) else [
                    (n, os.getxattr(path, n)) for n in sorted(os.listxattr(path))]
                print(os.path.relpath(path, sys.argv[1]), s.st_uid, s.st_gid, oct(s.st_mode),
                    s.st_mtime_ns, kept)
        """

    private func makeTree(_ place: StagePlace) throws {
        try place.shell(
            """
            mkdir -p t/d && head -c 200000 /dev/urandom > t/long && echo l > t/listed &&
            echo s > t/program && ln -s long t/link && ln t/long t/other && : > t/d/none &&
            chown 1234:567 t/long t/listed && chown 12:34 t/d && chown -h 3:4 t/link &&
            chown 77:88 t/program && chmod 6755 t/program
            """)
        try place.shell("python3 -c \"$1\" t", Self.setting)
    }

    private func attributes(_ place: StagePlace, _ tree: String) throws -> String {
        try place.shell("python3 -c \"$1\" \"$2\"", Self.telling, tree)
    }

    @Test func ownersAndAttributesArriveWhereThatIsWished() throws {
        let place = try StagePlace()
        try makeTree(place)
        let plain = try place.stage(3, "./t", "./plain/{rank}")
        #expect(plain.status == 0)
        let kept = try attributes(place, "plain/1")
        // With blanks, because a date has enough digits to contain any four.
        #expect(!kept.contains(" 1234 ") && kept.contains("0o100755") && !kept.contains("0o106755"))
        let result = try place.stage(3, "--preserve", "./t", "./out/{rank}")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        let wanted = try attributes(place, "t")
        #expect(wanted.contains("0o106755") && wanted.contains("posix_acl_access"))
        for rank in 0..<3 {
            #expect(try attributes(place, "out/\(rank)") == wanted)
            try place.expectSame("t", "out/\(rank)")
        }
        // What is in place is mended, and not fetched again.
        let again = try place.stage(3, "--preserve", "./t", "./plain/{rank}")
        #expect(again.status == 0 && again.summary?.fetched == 0)
        #expect(
            try place.shell("stat -c %u:%g plain/1/long plain/1/program") == "1234:567\n77:88\n")
        #expect(try attributes(place, "plain/1") == wanted)
        #expect(try place.parts().isEmpty)
    }

    /// Whoever reads the rest must not take that for all.
    @Test(arguments: [1, 2]) func onlyUnreadableEntriesAreNamed(np: Int) throws {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir s && for i in 1 2 3; do head -c 100000 /dev/urandom > s/$i; done
            chown 65534 . && chmod 755 . && chmod 000 s/2
            """)
        let words =
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "mpirun"]
            + ["--oversubscribe", "--bind-to", "none", "-np", "\(np)"]
            + [ProcessRunner.product("mpiswarm"), "stage", place.full("./s")]
            + [place.full("./o{rank}")]
        let command = try ProcessRunner.run(words, limit: .seconds(60))
        let result = StageResult(command: command, summary: nil)
        #expect(!command.ranOut && result.status == 1, "\(command.errors)")
        #expect(!command.errors.contains("crashed"))
        #expect(result.lines.contains { $0.contains("s/2: Permission denied") })
        #expect(try !place.exists("o0") && !place.exists("o1"))
    }

    @Test func attributesThatAreNotPermittedAreAWarning() throws {
        let place = try StagePlace()
        try makeTree(place)
        try place.shell("chown 65534 . && chmod 755 . && chmod -R o+rX t")
        let words =
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "mpirun"]
            + ["--oversubscribe", "--bind-to", "none", "-np", "2"]
            + [ProcessRunner.product("mpiswarm"), "stage", "--preserve"]
            + [place.full("./t"), place.full("./out/{rank}")]
        let command = try ProcessRunner.run(words, limit: .seconds(60))
        let result = StageResult(command: command, summary: nil)
        #expect(result.status == 0, "\(command.errors)")
        #expect(result.lines.count == 2)
        for rank in 0..<2 {
            #expect(
                result.lines.contains {
                    $0.hasPrefix("mpiswarm: warning: ") && $0.contains("rank \(rank): the owner")
                        && $0.contains("\(place.path)/out/\(rank)") && $0.contains(" more")
                }, "\(result.lines)")
            // It would run in our name.
            #expect(try place.shell("stat -c %a out/\(rank)/program") == "755\n")
            #expect(try place.shell("diff -r t out/\(rank)").isEmpty)
        }
    }
}
