import Testing
import Vocabulary

@testable import Content

/// The names of the files of an archive that is still being read.
struct PartNamesTests {
    private func part(_ files: [String: Int64]) throws -> TreeManifest {
        let entries = try files.sorted { $0.key < $1.key }.map {
            try TreeSamples.file("set/\($0.key)", $0.value)
        }
        return try TreeSamples.manifest([try TreeSamples.folder("set")] + entries)
    }

    /// Otherwise a part could have a file that a later entry of the archive has replaced.
    @Test func partsProveFilesWhoseNamesAreInNoOtherPart() throws {
        let parts = try [
            part(["a": 9]), part(["b": 9, "empty": 0]), part(["empty": 0]),
            part(["a": 9, "empty": 0]),
        ]
        var names = PartNames()
        let known = [names.describes(0, parts[0]), names.describes(1, parts[1])]
        #expect(known == [true, true])
        #expect(!names.provesFiles(ofParts: 3), "the third one may have a name again")
        let third = names.describes(2, parts[2])
        #expect(third && names.provesFiles(ofParts: 3), "an empty file is the same twice")
        let fourth = names.describes(3, parts[3])
        #expect(!fourth && !names.provesFiles(ofParts: 4))
    }
}
