import Content
import Glibc
import Vocabulary

/// The parts of an executable or a shared library that the dynamic loader reads: its machine and
/// its dynamic section. The file is neither executed nor mapped.
///
///     header:    16 bytes identity, 2 kind, 2 machine, ..., 8 place of the segments at 32,
///                2 size of a segment at 54, 2 number of segments at 56
///     segment:   4 kind, 4 flags, 8 offset, 8 address, 8 -, 8 length in the file
///     dynamic:   8 tag, 8 value; the texts of names are at an address
struct ElfImage: Equatable {
    let machine: ElfMachine
    /// The names of the libraries that this file needs, in the order of the file.
    private(set) var needed: [[UInt8]] = []
    /// The SONAME: when this file is loaded, a library of that name counts as loaded.
    private(set) var ownName: [UInt8]?
    /// Folders to search before those of LD_LIBRARY_PATH, also for what the needed libraries need.
    private(set) var rpath: [UInt8]?
    /// Folders to search after those of LD_LIBRARY_PATH, only for the libraries in `needed`.
    private(set) var runpath: [UInt8]?
    /// Whether the loader also searches the cache and the folders of the system for `needed`.
    private(set) var usesSystemFolders = true
    /// Whether the file needs no dynamic loader.
    private(set) var isStatic = true

    private static let headerSize = 64
    private static let segmentSize = 56
    private static let rowSize = 16
    private static let beginningMax: Int64 = 64 << 10
    private static let segmentsMax: UInt64 = 4096
    /// More libraries than any linker writes.
    static let neededMax = 4096

    private struct Segment {
        let kind: UInt64
        let offset: UInt64
        let address: UInt64
        let length: UInt64
    }

    /// Opens a file and refuses it if it is for another machine than the given one.
    static func open(_ path: String, for machine: ElfMachine?) throws(StorageError) -> ElfImage {
        let file = try SourceFile(
            OpenFile(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY), path: path)
        let length = file.state.length
        let beginning = Extent(start: 0, end: min(length, Self.beginningMax))
        let head = if let beginning { try file.read(beginning) } else { [UInt8]() }
        let shared = SharedSource(file)
        let bytes = ElfBytes(path: path, length: length) { (part) throws(StorageError) in
            // The first read holds the headers, and often the names.
            guard part.end > Int64(head.count) else {
                return Array(head[Int(part.start)..<Int(part.end)])
            }
            return try shared.file.read(part)
        }
        return try ElfImage(bytes, for: machine)
    }

    private final class SharedSource {
        let file: SourceFile

        init(_ file: consuming SourceFile) { self.file = file }
    }

    init(_ bytes: ElfBytes, for machine: ElfMachine?) throws(StorageError) {
        let start = try bytes.part(at: 0, count: min(UInt64(bytes.length), 128))
        guard start.starts(with: [0x7F] + Array("ELF".utf8)) else {
            guard start.starts(with: "#!".utf8) else { throw bytes.flaw(.noExecutable) }
            let line = start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
            throw bytes.flaw(.script(RelativePath.text(of: line)))
        }
        guard start.count >= Self.headerSize else { throw bytes.flaw(.damaged) }
        // The number of the machine has the same offset in files of 32 bits.
        let isLittle = start[5] == 1
        let number = UInt16(start[isLittle ? 18 : 19]) | UInt16(start[isLittle ? 19 : 18]) << 8
        self.machine = ElfMachine(sizeClass: start[4], byteOrder: start[5], number: number)
        if let machine, machine != self.machine {
            throw bytes.flaw(.otherMachine(self.machine.name, own: machine.name))
        }
        guard self.machine.sizeClass == 2, isLittle else {
            throw bytes.flaw(.otherMachine(self.machine.name, own: "64 bits, little-endian"))
        }
        // 2 is an executable, 3 a shared object or a position-independent executable.
        guard [2, 3].contains(start.number(at: 16, bytes: 2)) else {
            throw bytes.flaw(.noExecutable)
        }
        let segments = try Self.segments(bytes, start)
        let dynamic = segments.first { $0.kind == 2 }
        guard let dynamic else { return }
        isStatic = !segments.contains { $0.kind == 3 }
        try readDynamic(bytes, dynamic, segments)
        if !needed.isEmpty { isStatic = false }
    }

    private static func segments(
        _ bytes: ElfBytes, _ header: [UInt8]
    ) throws(StorageError) -> [Segment] {
        let count = header.number(at: 56, bytes: 2)
        let size = header.number(at: 54, bytes: 2)
        guard count > 0 else { return [] }
        guard size >= segmentSize, count <= segmentsMax else { throw bytes.flaw(.damaged) }
        let table = try bytes.part(at: header.number(at: 32, bytes: 8), count: count * size)
        return (0..<Int(count)).map { number in
            let start = number * Int(size)
            return Segment(
                kind: table.number(at: start, bytes: 4),
                offset: table.number(at: start + 8, bytes: 8),
                address: table.number(at: start + 16, bytes: 8),
                length: table.number(at: start + 32, bytes: 8))
        }
    }

    private mutating func readDynamic(
        _ bytes: ElfBytes, _ dynamic: Segment, _ segments: [Segment]
    ) throws(StorageError) {
        let table = try bytes.part(at: dynamic.offset, count: dynamic.length)
        var rows: [(tag: UInt64, value: UInt64)] = []
        for start in stride(from: 0, to: table.count - Self.rowSize + 1, by: Self.rowSize) {
            let tag = table.number(at: start, bytes: 8)
            guard tag != 0 else { break }
            rows.append((tag, table.number(at: start + 8, bytes: 8)))
        }
        guard let texts = rows.first(where: { $0.tag == 5 })?.value else {
            // A program that is linked statically may have a dynamic section without names.
            return
        }
        guard
            let segment = segments.first(where: {
                $0.kind == 1 && $0.address <= texts && texts - $0.address < $0.length
            })
        else { throw bytes.flaw(.damaged) }
        let (base, isTooFar) = segment.offset.addingReportingOverflow(texts - segment.address)
        guard !isTooFar else { throw bytes.flaw(.damaged) }
        for row in rows {
            let (place, isTooFar) = base.addingReportingOverflow(row.value)
            switch row.tag {
            case 1, 14, 15, 29:
                guard !isTooFar, needed.count < Self.neededMax else { throw bytes.flaw(.damaged) }
                let text = try bytes.text(at: place)
                switch row.tag {
                case 1: needed.append(text)
                case 14: ownName = text
                case 15: rpath = text
                default: runpath = text
                }
            // DF_1_NODEFLIB of DT_FLAGS_1.
            case 0x6FFF_FFFB: if row.value & 0x800 != 0 { usesSystemFolders = false }
            default: break
            }
        }
    }
}
