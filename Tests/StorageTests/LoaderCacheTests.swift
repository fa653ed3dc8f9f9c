import Testing

@testable import Storage

@Suite struct LoaderCacheTests {
    private static let rows = [
        ("liba.so", "/one/liba.so", 0), ("liba.so", "/v3/liba.so", 1 << 62),
        ("liba.so", "/two/liba.so", 0), ("libb.so", "/one/libb.so", 0),
    ]

    /// As `ldconfig` writes it; the older table in front of it has two rows.
    private func bytes(hasOldTable: Bool) -> [UInt8] {
        var texts: [UInt8] = []
        var rows: [UInt8] = []
        let start = 48 + Self.rows.count * 24
        for (name, path, processor) in Self.rows {
            let place = start + texts.count
            texts += Array(name.utf8) + [0]
            let second = start + texts.count
            texts += Array(path.utf8) + [0]
            rows += number(0x303, 4) + number(place, 4) + number(second, 4) + number(0, 4)
            rows += number(processor, 8)
        }
        let old = Array("ld.so-1.7.0\0".utf8) + number(2, 4) + [UInt8](repeating: 0xAA, count: 24)
        return (hasOldTable ? old : []) + Array("glibc-ld.so.cache1.1".utf8)
            + number(Self.rows.count, 4) + [UInt8](repeating: 0, count: 24) + rows + texts
    }

    private func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    @Test(arguments: [false, true]) func thePathsOfANameAreFound(hasOldTable: Bool) {
        let cache = LoaderCache(bytes: bytes(hasOldTable: hasOldTable))
        #expect(cache.paths(of: Array("liba.so".utf8)) == ["/one/liba.so", "/two/liba.so"])
        #expect(cache.paths(of: Array("libb.so".utf8)) == ["/one/libb.so"])
        #expect(cache.paths(of: Array("libc.so".utf8)).isEmpty)
    }

    @Test(arguments: [false, true]) func aDamagedCacheHarmsNothing(hasOldTable: Bool) {
        let bytes = bytes(hasOldTable: hasOldTable)
        for count in bytes.indices { _ = LoaderCache(bytes: Array(bytes[..<count])) }
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 0xFF
            _ = LoaderCache(bytes: changed)
        }
    }
}
