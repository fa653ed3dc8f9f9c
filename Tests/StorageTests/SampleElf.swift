import Glibc
import Vocabulary

@testable import Storage

/// An executable or a library as far as the dynamic loader reads it, without any code.
struct SampleElf {
    var machine: UInt16 = 62
    var sizeClass: UInt8 = 2
    var needed: [String] = []
    var ownName: String?
    var rpath: String?
    var runpath: String?
    var hasInterpreter = true
    var flags: UInt64 = 0
    /// Nothing dynamic at all.
    var isStatic = false

    static let machine = ElfMachine(sizeClass: 2, byteOrder: 1, number: 62)

    /// The headers, the dynamic section, and the texts, which are loaded at another address than
    /// their place in the file.
    var bytes: [UInt8] {
        var texts: [UInt8] = [0]
        func text(_ text: String) -> UInt64 {
            texts += Array(text.utf8) + [0]
            return UInt64(texts.count - text.utf8.count - 1)
        }
        var rows: [(UInt64, UInt64)] = needed.map { (1, text($0)) }
        if let ownName { rows.append((14, text(ownName))) }
        if let rpath { rows.append((15, text(rpath))) }
        if let runpath { rows.append((29, text(runpath))) }
        if flags != 0 { rows.append((0x6FFF_FFFB, flags)) }
        let segmentCount = isStatic ? 1 : hasInterpreter ? 3 : 2
        let dynamicStart = UInt64(64 + segmentCount * 56)
        let textStart = dynamicStart + UInt64(rows.count + 2) * 16
        rows += [(5, textStart + 0x40_0000), (0, 0)]
        var segments = [number(1, 4) + [5, 0, 0, 0] + place(0, 0x40_0000, textStart + 4096)]
        if !isStatic {
            segments.append(
                number(2, 4) + [6, 0, 0, 0]
                    + place(dynamicStart, dynamicStart, UInt64(rows.count) * 16))
            if hasInterpreter {
                segments.append(number(3, 4) + [4, 0, 0, 0] + place(textStart, textStart, 1))
            }
        }
        let identity: [UInt8] = [0x7F] + Array("ELF".utf8) + [sizeClass, 1, 1] + [0, 0, 0, 0, 0]
        let header =
            identity + [0, 0, 0, 0] + number(3, 2) + number(UInt64(machine), 2) + number(1, 4)
            + number(0, 8) + number(64, 8) + number(0, 8) + number(0, 4) + number(64, 2)
            + number(56, 2) + number(UInt64(segments.count), 2) + number(0, 6)
        let table = rows.flatMap { number($0.0, 8) + number($0.1, 8) }
        return header + segments.flatMap { $0 } + (isStatic ? [] : table + texts)
    }

    private func place(_ offset: UInt64, _ address: UInt64, _ length: UInt64) -> [UInt8] {
        number(offset, 8) + number(address, 8) + number(address, 8) + number(length, 8)
            + number(length, 8) + number(8, 8)
    }

    private func number(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 < 8 ? value >> (8 * $0) : 0) }
    }
}
