import FoundationEssentials
import Glibc

@testable import Storage

/// A folder of one test, removed with everything in it at the end.
final class Scratch: Sendable {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "mpiswarm-test-\(UUID())")
        path = folder.path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do {
            // Folders may have rights that forbid even their owner to remove what is in them.
            try OpenFile(opening: path, flags: O_RDONLY | O_DIRECTORY).removeContents(path: path)
            try FileManager.default.removeItem(atPath: path)
        } catch {
            fatalError("\(path) stays behind: \(error)")
        }
    }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    func put(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(filePath: path(name)))
    }

    func put(_ text: String, _ name: String) throws { try put(Array(text.utf8), name) }

    func text(_ name: String) throws -> String {
        try String(decoding: Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
    }

    func folder(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: path(name), withIntermediateDirectories: true)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: path(name), withDestinationPath: target)
    }

    func names(_ folder: String = ".") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
    }
}
