import FoundationEssentials
import Testing

/// Reads the sources of this very package and holds them to the rules.
struct HouseTests {
    /// Tests/TidyTests/HouseTests.swift is three steps below the root.
    private static let root =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    @Test func everyFileKeepsTheRules() throws {
        let files = try Self.swiftFiles()
        #expect(files.contains { $0.path == "Sources/mpiswarm/main.swift" })
        let findings =
            files.flatMap {
                importFindings($0) + callFindings($0) + shapeFindings($0)
                    + errorNameFindings($0)
            } + folderFindings(files) + typeFindings(files)
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
    }

    @Test func everyFolderOfSourcesIsAKnownModule() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root + "/Sources")
        let unknown = folders.filter { importTable[$0] == nil && !systemLibraries.contains($0) }
        #expect(unknown.isEmpty, "not in the import table: \(unknown.sorted())")
    }

    @Test func everyTypeIsNamedByKnownWords() throws {
        let bytes = try #require(
            FileManager.default.contents(atPath: Self.root + "/docs/glossary.md"))
        let glossary = glossaryWords(String(decoding: bytes, as: UTF8.self))
        #expect(glossary.contains("tracker"))
        let findings = try Self.swiftFiles().flatMap { nameFindings($0, glossary: glossary) }
        #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
    }

    /// The compiler reads the package, and the rules read the import table.
    @Test func thePackageAndTheImportTableAgree() throws {
        let path = Self.root + "/Package.swift"
        let bytes = try #require(FileManager.default.contents(atPath: path))
        let package = String(decoding: bytes, as: UTF8.self)
        for (module, allowed) in importTable {
            // What comes with the toolchain is not in the package.
            let ours = allowed.filter { importTable[$0] != nil || systemLibraries.contains($0) }
            let declared = declaredImports(of: module, in: package)
            #expect(declared == ours, "\(module)")
        }
    }

    private static func swiftFiles() throws -> [SourceFile] {
        var files: [SourceFile] = []
        for folder in ["Sources", "Tests"] {
            let paths = try FileManager.default.subpathsOfDirectory(atPath: root + "/" + folder)
            for path in paths.sorted() where path.hasSuffix(".swift") {
                let name = folder + "/" + path
                let bytes = try #require(FileManager.default.contents(atPath: root + "/" + name))
                files.append(SourceFile(path: name, text: String(decoding: bytes, as: UTF8.self)))
            }
        }
        return files
    }
}
