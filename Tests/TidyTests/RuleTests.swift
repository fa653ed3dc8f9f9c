import Testing

/// Each rule refuses what it is there to refuse, and lets its lookalikes pass.
struct RuleTests {
    private func imports(_ line: String, in path: String) -> Int {
        importFindings(SourceFile(path: path, text: line)).count
    }

    private func calls(_ text: String, in path: String = "Sources/Swarm/Picker.swift") -> Int {
        callFindings(SourceFile(path: path, text: text)).count
    }

    private func shapes(_ text: String, in path: String = "Sources/Swarm/Picker.swift") -> Int {
        shapeFindings(SourceFile(path: path, text: text)).count
    }

    @Test(arguments: [
        ("import Foundation", "Sources/Storage/Disk.swift"),
        ("import Dispatch", "Sources/Launch/Thread.swift"),
        ("package import Node", "Sources/Swarm/Tracker.swift"),
        ("@preconcurrency import CMPI", "Sources/Node/Node.swift"),
        ("import struct Foundation.Date", "Sources/mpiswarm/main.swift"),
        ("import CMPI", "Sources/mpiswarm/main.swift"),
        ("import func Glibc.time", "Sources/Wire/Head.swift"),
        ("import Vocabulary; import Glibc", "Sources/Wire/Head.swift"),
        ("#if os(Linux)\n    import Glibc\n#endif", "Sources/Wire/Head.swift"),
        ("@testable import Vocabulary", "Sources/Wire/Head.swift"),
        ("import Synchronization", "Sources/Node/Node.swift"),
        ("import Synchronization", "Sources/mpiswarm/main.swift"),
        ("import mpiswarm", "Sources/Control/Page.swift"),
        ("let a = 1", "Sources/Newcomer/A.swift"),
        ("let a = 1", "Sources/A.swift"),
    ])
    func refusesAnImport(_ line: String, in path: String) {
        #expect(imports(line, in: path) == 1)
    }

    @Test(arguments: [
        ("package import Vocabulary", "Sources/Wire/Head.swift"),
        ("import struct Vocabulary.Rank", "Sources/Wire/Head.swift"),
        ("// import Foundation", "Sources/Wire/Head.swift"),
        ("let text = \"\"\"\n    import Foundation\n    \"\"\"", "Sources/Wire/Head.swift"),
        ("import Synchronization", "Sources/Node/Mailbox.swift"),
        ("import FoundationEssentials", "Sources/mpiswarm/main.swift"),
        ("@testable import Wire", "Tests/WireTests/HeadTests.swift"),
    ])
    func acceptsAnImport(_ line: String, in path: String) {
        #expect(imports(line, in: path) == 0)
    }

    @Test(arguments: [
        ("enum DiskError: Error {", 0), ("package enum DiskFlaw: Error, Equatable {", 1),
        ("struct DiskFlaw: Equatable {", 0), ("struct Failure: Sendable, Error {", 1),
    ])
    func aThrownTypeIsAnError(_ line: String, _ count: Int) {
        let file = SourceFile(path: "Sources/Swarm/A.swift", text: line + "\n}\n")
        #expect(errorNameFindings(file).count == count)
    }

    @Test(arguments: [
        ("struct Frobnicator {}", 1), ("enum PieceFrobs {}", 1), ("struct MPIFrob {}", 1),
        ("struct Piece {}", 0), ("final class Pieces {}", 0), ("struct MPIEndpoint {}", 0),
        ("// struct Frob", 0), ("let frob = Frob()", 0), ("enum Way { class func frob() {} }", 0),
    ])
    func aTypeIsNamedByKnownWords(_ line: String, _ count: Int) {
        let page = "| word | meaning |\n|---|---|\n| piece, Way | frob |\n"
        let file = SourceFile(path: "Sources/Swarm/A.swift", text: line)
        #expect(nameFindings(file, glossary: glossaryWords(page)).count == count)
    }

    @Test(arguments: [
        "let a = try! f()", "let a = try? f()", "public struct A {}", "package public(set) var a",
        "// TODO: later", "/* FIXME */", "let a = 1 // XXX",
        "var chance = SystemRandomNumberGenerator()", "let a = Int.random(in: 0..<3)",
        "let a = Bool.random()", "let a = b.shuffled()", "b.shuffle()",
        "b.randomElement()", "f(.random(in: 0..<3), using: chance)",
        "let clock = ContinuousClock()", "clock_gettime(CLOCK_MONOTONIC, &t)", "let a = Date()",
        "let a = ContinuousClock.Instant.self", "let a: Instant = .now", "f(Instant.now)",
        "let a = \"\\(try! f())\"",
    ])
    func refusesACall(_ text: String) {
        #expect(calls(text) == 1)
    }

    @Test func onlyProgressAndDocumentsBypassTheLog() {
        let line = "say(text, on: .error)"
        let folder = "Sources/mpiswarm/Stage/"
        #expect(calls(line, in: folder + "StageReport.swift") == 1)
        #expect(calls(line, in: folder + "StageProgress.swift") == 0)
        #expect(calls("sayStill(peers)", in: folder + "StageReport.swift") == 0)
        #expect(calls(line, in: "Sources/mpiswarm/Run/RunAccount.swift") == 0)
    }

    @Test(arguments: [
        "// try! is not for us, nor is a public face", "let a = \"try! public\"",
        "let publicKey = 1",
        "let a = Int.random(in: 0..<3, using: &chance)", "TODOS", "let a = self.now",
        "let a = Int.random(\n    in: 0..<3,\n    using: &chance)", "let a = b.shuffled(using: &c)",
        "step(now: tick)", "let a = UpDate(b)", "let a = b.nowhere", "case random(seed: UInt64)",
        "let a = #\"a \" try! b\"#", "let a = \"\\\"\" // public", "/* a /* b */ try! */ let a = 1",
    ])
    func acceptsACall(_ text: String) {
        #expect(calls(text) == 0)
    }

    @Test func allowsClocksOutsideTheCore() {
        #expect(calls("let a = ContinuousClock.now", in: "Sources/mpiswarm/main.swift") == 0)
        #expect(calls("let a = try! f()", in: "Tests/WireTests/HeadTests.swift") == 0)
    }

    @Test func limitsColumnsAndFileLength() {
        #expect(shapes(String(repeating: "é", count: 100)) == 0)
        #expect(shapes(String(repeating: "a", count: 101)) == 1)
        #expect(shapes(String(repeating: "a\n", count: 299)) == 0)
        #expect(shapes(String(repeating: "a\n", count: 300)) == 1)
        #expect(shapes(String(repeating: "a\n", count: 300), in: "Tests/ATests/B.swift") == 1)
    }

    @Test(arguments: [
        "func f() {", "package init(\n    a: Int\n) {", "private(set) var a: Int {",
        "@inline(__always) static func f<A>(a: A)\nwhere A: B {", "deinit {",
    ])
    func limitsFunctionLength(_ opening: String) {
        func function(_ lines: Int) -> String {
            let head = opening.split(separator: "\n").map { "    " + $0 }
            let middle = ["", "#if DEBUG", "#endif"]
            let body = Array(repeating: "        a()", count: lines - head.count - 4)
            return (["struct A {"] + head + middle + body + ["    }", "}"]).joined(separator: "\n")
        }
        #expect(shapes(function(50)) == 0)
        #expect(shapes(function(51)) == 1)
    }

    @Test func aRequirementHasNoBody() {
        let requirements = String(repeating: "    func f()\n", count: 60)
        #expect(shapes("protocol A {\n" + requirements + "}\n") == 0)
    }

    private func folders(_ files: [String: String]) -> Int {
        folderFindings(files.map { SourceFile(path: $0, text: $1) }).count
    }

    @Test func aFolderNamesOnlyTypesOfFoldersThatItMay() {
        let tracker = ["Sources/Swarm/Track/Tracker.swift": "package struct Tracker {}"]
        func naming(_ path: String, _ line: String) -> Int {
            folders(tracker.merging([path: line]) { $1 })
        }
        #expect(naming("Sources/Swarm/Download/Downloader.swift", "let a: Tracker") == 1)
        #expect(naming("Sources/Swarm/Roles/Grouping.swift", "let a: Tracker") == 0)
        #expect(naming("Sources/Swarm/Track/Rooms/RoomBook.swift", "let a: Tracker") == 0)
        #expect(naming("Sources/Swarm/Download/Downloader.swift", "// as Tracker does") == 0)
        #expect(naming("Sources/Swarm/Download/Downloader.swift", "let a: Trackers") == 0)
        #expect(naming("Sources/Simulation/Job/SimulatedTracker.swift", "let a: Tracker") == 0)
    }

    @Test func aRoomWithFoldersHasNoOtherFilesOrFolders() {
        #expect(folders(["Sources/Swarm/Tracker.swift": ""]) == 1)
        #expect(folders(["Sources/Swarm/Newcomer/Tracker.swift": ""]) == 1)
        #expect(folders(["Sources/Wire/Head.swift": ""]) == 0)
        #expect(folders(["Sources/mpiswarm/main.swift": ""]) == 0)
    }

    @Test func aFolderHoldsNoMoreFilesThanEyesFind() {
        func files(_ count: Int) -> [String: String] {
            Dictionary(uniqueKeysWithValues: (0..<count).map { ("Sources/Wire/A\($0).swift", "") })
        }
        #expect(folders(files(30)) == 0)
        #expect(folders(files(31)) == 1)
    }

    private func types(
        _ files: [String], long: [String: Int] = [:], wide: [String: Int] = [:]
    ) -> Int {
        typeFindings(
            files.enumerated().map { SourceFile(path: "Sources/Swarm/A\($0).swift", text: $1) },
            long: long, wide: wide
        ).count
    }

    @Test func aTypeIsMeasuredOverAllItsFiles() {
        func part(_ opening: String, _ lines: Int) -> String {
            opening + " {\n" + String(repeating: "    func f() {}\n", count: lines - 2) + "}\n"
        }
        let half = part("package struct A: B", 300)
        #expect(types([half, part("extension A", 300)]) == 0)
        #expect(types([half, part("extension A", 301)]) == 1)
        #expect(types([half + part("extension B", 301), part("struct B", 299)]) == 0)
        let both = [half, part("extension A: C", 400)]
        #expect(types(both, long: ["Swarm.A": 700]) == 0)
        #expect(types(both, long: ["Swarm.A": 699]) == 1)
        #expect(types([half], long: ["Swarm.A": 700]) == 1, "the row has to go")
        #expect(types([half], long: ["Swarm.B": 700]) == 1, "it is not there")
    }

    @Test func commentsAndImportsCountToTheTypeThatFollowsThem() {
        let full = "struct A {\n" + String(repeating: "    // what\n", count: 595) + "}\n"
        let comments = String(repeating: "/// Why.\n", count: 3)
        #expect(types([comments + full]) == 0)
        #expect(types(["import B\n" + comments + full]) == 1)
        #expect(types([full + comments + "\n"]) == 1, "what follows the last type")
        #expect(types(["struct B {}\n\n" + comments + full]) == 1)
        #expect(types(["struct B {\n}\n" + full + comments + "struct C {\n}\n"]) == 0)
        let parts = [full, comments + "\nextension A.B {}\n"]
        #expect(types(parts) == 1, "a nested type counts to the type that it lies in")
    }

    @Test func aTypeStoresNoMoreThanItCanKeepInStep() {
        func stored(_ count: Int, and rest: String = "") -> [String] {
            let properties = (0..<count).map { "    package private(set) var a\($0) = 0\n" }
            return ["struct A {\n" + properties.joined() + rest + "}\n"]
        }
        #expect(types(stored(14)) == 0)
        #expect(types(stored(15)) == 1)
        let options = stored(15).map { $0.replacing("struct A", with: "struct RunOptions") }
        #expect(types(options) == 0)
        #expect(types(stored(14, and: "    let a = f { $0 }\n")) == 1)
        #expect(types(stored(14, and: "    var a: Int { 0 }\n    static let b = 0\n")) == 0)
        #expect(types(stored(14, and: "    func f() {\n        let a = 0\n    }\n")) == 0)
        #expect(types(stored(16), wide: ["Swarm.A": 16]) == 0)
        #expect(types(stored(14), wide: ["Swarm.A": 16]) == 1, "the row has to go")
    }

    @Test func readsWhatAModuleImportsInThePackage() {
        let package = """
            room("A"),
            room(
                "B", settings: given, imports: ["A", "C"]),
            .executableTarget(
                name: "D",
                dependencies: [
                    "B",
                ],
            """
        #expect(declaredImports(of: "A", in: package) == [])
        #expect(declaredImports(of: "B", in: package) == ["A", "C"])
        #expect(declaredImports(of: "D", in: package) == ["B"])
        #expect(declaredImports(of: "E", in: package) == nil)
    }
}
