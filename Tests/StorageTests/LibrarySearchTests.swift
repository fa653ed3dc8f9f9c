import Glibc
import TestSupport
import Testing
import Vocabulary

@testable import Storage

@Suite struct LibrarySearchTests {
    private let scratch: Scratch
    private var terms: LibraryTerms

    init() throws {
        scratch = try Scratch()
        for folder in ["bin", "env", "run", "old", "system"] { try scratch.folder(folder) }
        terms = LibraryTerms(machine: SampleElf.machine)
        terms.searched = [scratch.path("env")]
        terms.systemFolders = [scratch.path("system")]
    }

    private func put(_ elf: SampleElf, _ names: String...) throws {
        for name in names { try scratch.put(elf.bytes, name) }
    }

    private func find(_ terms: LibraryTerms? = nil) throws(StorageError) -> [String] {
        var search = LibrarySearch(terms ?? self.terms)
        return try search.find(for: scratch.path("bin/x")).map {
            String($0.path.dropFirst(scratch.path.count + 1))
        }
    }

    /// RPATH comes before LD_LIBRARY_PATH, RUNPATH after it, and the folders of the system last.
    @Test func theFoldersAreSearchedInTheOrderOfTheLoader() throws {
        let all = ["old/liba.so", "env/liba.so", "run/liba.so", "system/liba.so"]
        for name in all { try put(SampleElf(), name) }
        try put(SampleElf(needed: ["liba.so"], rpath: scratch.path("old")), "bin/x")
        #expect(try find() == ["old/liba.so"])
        try put(
            SampleElf(
                needed: ["liba.so"], rpath: scratch.path("old"), runpath: "$ORIGIN/../run"),
            "bin/x")
        #expect(try find() == ["env/liba.so"], "RUNPATH makes RPATH void")
        unsafe unlink(scratch.path("env/liba.so"))
        #expect(try find() == ["bin/../run/liba.so"])
        unsafe unlink(scratch.path("run/liba.so"))
        #expect(try find() == ["system/liba.so"])
        try put(
            SampleElf(needed: ["liba.so"], runpath: "${ORIGIN}/../run", flags: 0x800), "bin/x")
        #expect(throws: StorageError.self) { try find() }
    }

    /// RPATH holds for all that is loaded for the executable, RUNPATH for what it needs itself.
    @Test func onlyRPATHIsInherited() throws {
        try put(SampleElf(needed: ["libb.so"]), "old/liba.so", "run/liba.so")
        try put(SampleElf(), "old/libb.so", "run/libb.so", "system/libb.so")
        try put(SampleElf(needed: ["liba.so"], rpath: scratch.path("old")), "bin/x")
        #expect(try find() == ["old/liba.so", "old/libb.so"])
        try put(SampleElf(needed: ["liba.so"], runpath: scratch.path("run")), "bin/x")
        #expect(try find() == ["run/liba.so", "system/libb.so"])
    }

    private func names(_ terms: LibraryTerms) throws(StorageError) -> [String] {
        var search = LibrarySearch(terms)
        return try search.find(for: scratch.path("bin/x")).map {
            "\(String(decoding: $0.name, as: UTF8.self)) = "
                + $0.path.dropFirst(scratch.path.count + 1)
        }
    }

    /// A library counts as loaded by the name that it gives itself, too. It gets that name where
    /// another one needs it, which the loader may load first.
    @Test func aLoadedLibraryIsNotSearchedForAgain() throws {
        try put(SampleElf(ownName: "liba.so.1"), "env/liba.so")
        try put(SampleElf(needed: ["liba.so.1", "libb.so"]), "env/libb.so")
        try put(SampleElf(needed: ["liba.so", "libb.so"]), "bin/x")
        #expect(
            try names(terms)
                == ["liba.so = env/liba.so", "libb.so = env/libb.so", "liba.so.1 = env/liba.so"])
    }

    /// The executable searches for a library by the name that this gives itself, whatever the file
    /// of `--lib` is called.
    @Test func anAddedLibraryAlsoHasItsSONAME() throws {
        try put(SampleElf(ownName: "liba.so.1"), "bin/liba.so.1.2.3", "bin/liba.so.1.4")
        try put(SampleElf(ownName: "plugins/p.so"), "bin/p.so")
        try put(SampleElf(needed: ["liba.so.1"]), "bin/x")
        var terms = terms
        terms.added = ["bin/liba.so.1.2.3", "bin/p.so"].map { scratch.path($0) }
        let expected = ["liba.so.1.2.3 = bin/liba.so.1.2.3", "p.so = bin/p.so"]
        #expect(try names(terms) == expected + ["liba.so.1 = bin/liba.so.1.2.3"])
        terms.added += [scratch.path("bin/p.so"), scratch.path("bin/liba.so.1.4")]
        #expect(
            try names(terms)
                == expected + [
                    "liba.so.1.4 = bin/liba.so.1.4", "liba.so.1 = bin/liba.so.1.2.3",
                ], "the first one counts")
        try put(SampleElf(), "env/liba.so.1")
        terms.added = ["bin/liba.so.1.2.3", "env/liba.so.1"].map { scratch.path($0) }
        #expect(
            try names(terms)
                == ["liba.so.1.2.3 = bin/liba.so.1.2.3", "liba.so.1 = env/liba.so.1"])
    }

    @Test func librariesOfTheNodeCannotBeAdded() throws {
        try put(SampleElf(), "env/libm.so.6")
        try put(SampleElf(ownName: "libcuda.so.1"), "env/driver.so")
        try put(SampleElf(), "bin/x")
        for name in ["env/libm.so.6", "env/driver.so"] {
            var terms = terms
            terms.added = [scratch.path(name)]
            #expect(
                throws: StorageError.badExecutable(path: scratch.path(name), .belongsToNode)
            ) { try find(terms) }
        }
    }

    @Test func librariesOfOtherMachinesAreSkipped() throws {
        try put(SampleElf(machine: 183), "env/liba.so")
        try put(SampleElf(), "system/liba.so")
        try put(SampleElf(needed: ["liba.so"]), "bin/x")
        #expect(try find() == ["system/liba.so"])
    }

    @Test func theCacheComesBeforeTheSystemFolders() throws {
        try put(SampleElf(), "run/liba.so", "system/liba.so")
        try put(SampleElf(needed: ["liba.so"]), "bin/x")
        #expect(try find() == ["system/liba.so"])
        #expect(throws: StorageError.notAFile(path: "/dev/null")) {
            var search = LibrarySearch(terms)
            _ = try search.find(for: "/dev/null")
        }
    }

    /// The C library and drivers belong to a node, and may be missing where the source is.
    @Test func librariesOfTheNodeAreNotSearchedFor() throws {
        try put(
            SampleElf(needed: ["libc.so.6", "libm.so.6", "libcuda.so.1", "ld-linux-x86-64.so.2"]),
            "bin/x")
        #expect(try find() == [])
        try put(SampleElf(needed: ["libmvapich.so.1"]), "bin/x")
        #expect(
            throws: StorageError.badExecutable(
                path: scratch.path("bin/x"),
                .notFound("libmvapich.so.1", by: scratch.path("bin/x")))
        ) { try find() }
    }

    /// A library of `--lib` stands in for one that is not found, and brings what it needs.
    @Test func addedLibrariesComeFirst() throws {
        try put(SampleElf(needed: ["libb.so"]), "bin/liba.so")
        try put(SampleElf(), "env/libb.so", "env/liba.so")
        try put(SampleElf(needed: ["liba.so"]), "bin/x")
        var terms = terms
        terms.added = [scratch.path("bin/liba.so")]
        #expect(try find(terms) == ["bin/liba.so", "env/libb.so"])
        terms.added.append(scratch.path("env/liba.so"))
        #expect(
            throws: StorageError.sameName(
                path: scratch.path("env/liba.so"), otherPath: scratch.path("bin/liba.so"))
        ) { try find(terms) }
        terms.added = [scratch.path("nothing")]
        #expect(throws: StorageError.self) { try find(terms) }
    }

    /// The loader itself is the judge, for programs that the machine has.
    @Test(arguments: ["/bin/ls", "/usr/bin/python3", "/usr/bin/mpicc", "/usr/bin/tmux"])
    func theLoaderFindsTheSameLibraries(program: String) throws {
        guard unsafe access(program, X_OK) == 0 else { return }
        let loader = try ProcessRunner.run(
            ["sh", "-c", "ls /lib64/ld-linux-*.so.2 /lib/ld-linux-*.so.1"], limit: .seconds(9)
        ).output.split(separator: "\n").first
        let list = try ProcessRunner.run(
            [String(try #require(loader)), "--list", program], limit: .seconds(9)
        ).output
        let expected = list.split(separator: "\n").compactMap { line -> String? in
            let words = line.split { " \t".contains($0) }
            guard words.count > 3, words[1] == "=>" else { return nil }
            return LibraryTerms.belongsToNode(Array(words[0].utf8)) ? nil : String(words[2])
        }
        var search = LibrarySearch(
            LibraryTerms.own(
                searched: unsafe getenv("LD_LIBRARY_PATH").map { unsafe String(cString: $0) }))
        #expect(try Set(search.find(for: program).map(\.path)) == Set(expected), "\(list)")
        #expect(!list.isEmpty)
    }
}
