import FoundationEssentials
import Testing

/// The version stands in `build.h`; what packagers and people who cite read must agree with it.
struct VersionTests {
    @Test func everyFileNamesTheSameVersion() throws {
        let header = try text("Sources/CBuild/include/build.h")
        let version = try #require(
            header.split(separator: "\n").first { $0.contains("MPISWARM_VERSION") }
        ).split(separator: "\"")[1]
        #expect(version.split(separator: ".").count == 3)
        #expect(try text("CITATION.cff").contains("\nversion: \(version)\n"))
        let heading = try text("CHANGELOG.md").split(separator: "\n").first { $0.hasPrefix("## ") }
        #expect(heading?.split(separator: " ")[1] == version)
        #expect(try text("packaging/debian/changelog").hasPrefix("mpiswarm (\(version)) "))
    }

    private func text(_ path: String) throws -> String {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let bytes = try #require(FileManager.default.contents(atPath: "\(root)/\(path)"))
        return String(decoding: bytes, as: UTF8.self)
    }
}
