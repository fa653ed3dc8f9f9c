import Testing

@testable import CommandLine

@Suite struct CacheOptionsTests {
    @Test(arguments: [
        ("/local/c", "/local/c", nil), ("c:1", "c", 1), ("/c:20K", "/c", 20 << 10),
        ("/a:b:200G", "/a:b", 200 << 30), ("/local/{rank}", "/local/{rank}", nil),
    ])
    func placesAreRead(text: String, path: String, bytes: Int?) throws {
        let place = try #require(CachePlace(text: text))
        #expect(place == CachePlace(path: path, size: bytes.map { Size(bytes: $0) }))
        #expect(CachePlace(text: place.description) == place)
    }

    @Test(arguments: ["", ":", ":1G", "/c:", "/c:0", "/c:much", "/c:-1", "/c:1G ", "/a:b"])
    func nonsenseIsRefused(text: String) {
        #expect(CachePlace(text: text) == nil)
    }

    private func outcome(_ words: String..., variable: String? = nil) throws -> CacheOptions {
        let sources = OptionSources(
            names: { [] }, variable: { $0 == CacheOptions.variable ? variable : nil },
            file: { _ in .failure(OptionsFileError(reason: "no files")) })
        let program = Program(version: "1", date: "", sources: sources, libraries: { [] })
        guard case .request(.cache(let options)) = try program.outcome(of: ["cache"] + words)
        else { return CacheOptions() }
        return options
    }

    @Test func theFolderIsThatOfTheCommandLineOrOfTheVariable() throws {
        #expect(try outcome("verify", "/c").place == CachePlace(path: "/c"))
        let place = try outcome("prune", variable: "/v:1G").place
        #expect(place == CachePlace(path: "/v", size: Size(bytes: 1 << 30)))
        #expect(try outcome("path", "/c", variable: "/v").place?.path == "/c")
        for variable in [nil, "", "/v:much"] {
            #expect(throws: UsageError.self) { try outcome("list", variable: variable) }
        }
        #expect(throws: UsageError.self) { try outcome("shrink", "/c") }
    }

    /// XXH3 withstands accidents, and a cache has to withstand forgery.
    @Test func aCacheDemandsSHA256() throws {
        let program = Program(version: "1", date: "", libraries: { [] })
        func digest(_ words: String...) throws -> StageOptions.Digest? {
            let outcome = try program.outcome(of: ["stage"] + words + ["a", "b"])
            guard case .request(.stage(let options)) = outcome else { return nil }
            return options.digest
        }
        #expect(try digest() == .xxh3 && digest("--digest", "sha256") == .sha256)
        #expect(try digest("--cache", "/c") == .sha256)
        #expect(try digest("--cache", "/c", "--digest", "sha256") == .sha256)
        #expect(
            throws: UsageError.incompatible("--cache", "--digest xxh3", command: "stage")
        ) { try digest("--digest", "xxh3", "--cache", "/c") }
    }
}
