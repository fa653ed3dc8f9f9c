import Content
import Testing
import Vocabulary

@testable import Storage

@Suite struct ElfImageTests {
    private func image(
        _ bytes: [UInt8], for machine: ElfMachine? = SampleElf.machine
    ) throws(StorageError) -> ElfImage {
        try ElfImage(
            ElfBytes(path: "x", length: Int64(bytes.count)) { (part) throws(StorageError) in
                Array(bytes[Int(part.start)..<Int(part.end)])
            }, for: machine)
    }

    private func flaw(_ bytes: [UInt8]) throws -> StorageError.ExecutableFlaw? {
        do throws(StorageError) {
            _ = try image(bytes)
            return nil
        } catch .badExecutable("x", let flaw) {
            return flaw
        }
    }

    private static let sample = SampleElf(
        needed: ["liba.so.1", "libb.so"], ownName: "libx.so", rpath: "/r", runpath: "$ORIGIN/u",
        flags: 0x800)

    @Test func theDynamicSectionIsRead() throws {
        let image = try image(Self.sample.bytes)
        #expect(image.needed == [Array("liba.so.1".utf8), Array("libb.so".utf8)])
        #expect(image.ownName == Array("libx.so".utf8))
        #expect(image.rpath == Array("/r".utf8) && image.runpath == Array("$ORIGIN/u".utf8))
        #expect(!image.isStatic && !image.usesSystemFolders)
    }

    @Test func aProgramWithoutALoaderIsStatic() throws {
        #expect(try image(SampleElf(isStatic: true).bytes).isStatic)
        #expect(try image(SampleElf(hasInterpreter: false).bytes).isStatic)
        #expect(try !image(SampleElf().bytes).isStatic)
        #expect(try !image(SampleElf(needed: ["liba.so"], hasInterpreter: false).bytes).isStatic)
    }

    @Test func otherFilesAreRefused() throws {
        #expect(try flaw([]) == .noExecutable)
        #expect(try flaw(Array("hello".utf8)) == .noExecutable)
        #expect(try flaw(Array("#!/bin/sh\nls\n".utf8)) == .script("/bin/sh"))
        #expect(
            try flaw(SampleElf(machine: 183).bytes) == .otherMachine("AArch64", own: "x86-64"))
        #expect(
            try flaw(SampleElf(machine: 3, sizeClass: 1).bytes)
                == .otherMachine("i386 (32 bits)", own: "x86-64"))
        var core = Self.sample.bytes
        core[16] = 4
        #expect(try flaw(core) == .noExecutable)
    }

    /// Nothing that a file says is believed: each prefix, and each changed byte, gives an image or
    /// an error.
    @Test func damagedFilesAreRefused() throws {
        let bytes = Self.sample.bytes
        for count in 64..<bytes.count { #expect(try flaw(Array(bytes[..<count])) == .damaged) }
        for place in bytes.indices {
            for value: UInt8 in [0, 1, 0x7F, 0xFF] {
                var changed = bytes
                changed[place] = value
                _ = try flaw(changed)
            }
        }
    }

    /// A dynamic section has at most a megabyte, and names at most `neededMax` libraries.
    @Test func hugeTablesAreRefused() throws {
        let many = (0...ElfImage.neededMax).map { "l\($0)" }
        #expect(
            try image(SampleElf(needed: Array(many.dropLast())).bytes).needed.count == many.count
                - 1)
        #expect(try flaw(SampleElf(needed: many).bytes) == .damaged)
        #expect(throws: StorageError.badExecutable(path: "x", .damaged)) {
            let bytes = ElfBytes(path: "x", length: 1 << 40) { _ in [] }
            _ = try bytes.part(at: 0, count: UInt64(ElfBytes.partMax) + 1)
        }
    }
}
