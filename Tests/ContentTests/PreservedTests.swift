import Testing
import Vocabulary

@testable import Content

/// Owners and attributes in descriptions of trees.
@Suite struct PreservedTests {
    private typealias Attribute = Preserved.Attribute

    private static func attribute(_ name: String, _ value: String = "v") -> Attribute {
        Attribute(name: Array(name.utf8), value: Array(value.utf8))
    }

    private static func entry(
        _ path: String, _ body: TreeEntry.Body, _ preserved: Preserved?
    ) throws -> TreeEntry {
        TreeEntry(
            path: try RelativePath(path), body: body, mode: 0o644,
            modified: try TreeSamples.time(), preserved: preserved)
    }

    /// Some with, some without.
    private static func tree() throws -> [TreeEntry] {
        let owned = Preserved(owner: 1, group: 0x0102_0304)
        let adorned = Preserved(
            owner: 0, group: 2,
            attributes: [attribute("user.b", ""), attribute("security.capability", "cap")])
        return [
            try entry("d", .folder, adorned),
            try entry("d/a", .file(length: 5, extents: Extent.whole(5)), adorned),
            try entry("d/b", .link(target: [65]), owned),
            try entry("d/c", .sameFile(as: RelativePath("d/a")), nil),
            try entry("d/e", .file(length: 0, extents: []), nil),
        ]
    }

    @Test func theBytesStand() throws {
        let owned = Preserved(
            owner: 1, group: 0x0102_0304, attributes: [Self.attribute("user.x", "yz")])
        let bytes = try TreeSamples.manifest([Self.entry("a", .folder, owned)]).encoded()
        let head: [UInt8] = [0x80, 0, 1, 0] + Array("a".utf8) + [0xA4, 1] + TreeManifestTests.date
        let owner: [UInt8] = [1, 0, 0, 0, 4, 3, 2, 1]
        let attribute: [UInt8] = [6] + Array("user.x".utf8) + [2, 0, 0, 0] + Array("yz".utf8)
        #expect(
            Array(bytes.dropFirst(TreeManifest.headByteCount))
                == head + owner + [1, 0] + attribute)
        let link = try Self.entry("a", .link(target: [65]), owned)
        #expect(throws: TreeError.badEntry(0)) { try TreeSamples.manifest([link]) }
    }

    @Test func theyComeBack() throws {
        let manifest = try TreeSamples.manifest(Self.tree())
        let bytes = manifest.encoded()
        #expect(try TreeManifestTests.parse(bytes) == manifest)
        for count in bytes.indices {
            #expect(throws: TreeError.self) {
                try TreeManifestTests.parse(Array(bytes.prefix(count)))
            }
        }
    }

    @Test func withoutPreserveEntriesTakeNoBytes() throws {
        let bare = try Self.tree().map {
            TreeEntry(path: $0.path, body: $0.body, mode: $0.mode, modified: $0.modified)
        }
        let bytes = try TreeSamples.manifest(bare).encoded()
        let more = try TreeSamples.manifest(Self.tree()).encoded()
        #expect(more.count == bytes.count + 3 * 10 + 2 * (5 + 6 + 5 + 19 + 3))
        #expect(
            try TreeSamples.manifest(bare).fingerprint
                != TreeSamples.manifest(Self.tree()).fingerprint)
    }

    @Test func everyCorruptionIsCanonicalOrRefused() throws {
        let bytes = try TreeSamples.manifest(Self.tree()).encoded()
        for position in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var corrupt = bytes
                corrupt[position] = byte
                TreeManifestTests.expectCanonicalOrRefused(corrupt)
            }
        }
    }

    @Test(arguments: [
        "user.", "user", "trusted.x", "security.selinux", "security.capability2",
        "system.posix_acl", "", "user.\0", "user." + String(repeating: "n", count: 251),
    ])
    func otherAttributesAreRefused(name: String) throws {
        let preserved = Preserved(owner: 0, group: 0, attributes: [Self.attribute(name)])
        let entry = try Self.entry("d", .folder, preserved)
        #expect(throws: TreeError.badEntry(0)) { try TreeSamples.manifest([entry]) }
    }

    @Test func impossibleAttributesAreRefused() throws {
        let long = Attribute(
            name: Array("user.x".utf8), value: [UInt8](repeating: 0, count: 65_537))
        let twice = [Self.attribute("user.a"), Self.attribute("user.a", "w")]
        let impossible = [
            Preserved(owner: .max, group: 0), Preserved(owner: 0, group: .max),
            Preserved(owner: 0, group: 0, attributes: [long]),
            Preserved(owner: 0, group: 0, attributes: twice),
            Preserved(
                owner: 0, group: 0,
                inOrder: [Self.attribute("user.b"), Self.attribute("user.a")]),
        ]
        for preserved in impossible {
            let entry = try Self.entry("d", .folder, preserved)
            #expect(throws: TreeError.badEntry(0)) { try TreeSamples.manifest([entry]) }
        }
        let file = try TreeSamples.file("a", 1)
        let other = try Self.entry("b", .sameFile(as: file.path), Preserved(owner: 0, group: 0))
        #expect(throws: TreeError.badEntry(1)) { try TreeSamples.manifest([file, other]) }
    }
}
