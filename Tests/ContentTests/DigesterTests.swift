import Content
import Testing
import Vocabulary

@Suite struct DigesterTests {
    /// From RFC 1321, FIPS 180 and the authors of XXH3.
    @Test(arguments: [
        (DigestAlgorithm.md5, "", "d41d8cd98f00b204e9800998ecf8427e"),
        (.md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
        (.sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (.xxh3, "", "99aa06d3014798d86001c324468d497f"),
    ])
    func digestsAreTheKnownOnes(algorithm: DigestAlgorithm, text: String, hex: String) {
        #expect(hexText(Digester.digest(of: Array(text.utf8), algorithm)) == hex)
    }

    @Test(arguments: DigestAlgorithm.allCases)
    func partsGiveTheDigestOfTheWhole(algorithm: DigestAlgorithm) {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let whole = Digester.digest(of: bytes, algorithm)
        #expect(whole.count == algorithm.byteCount)
        var digester = Digester(algorithm)
        for cut in [0, 1, 63, 64, 65, 999, 1000] {
            unsafe digester.update(bytes.span.bytes.extracting(0..<cut))
            unsafe digester.update(bytes.span.bytes.extracting(cut..<1000))
            let digest = digester.finish()
            #expect(digest == whole)
        }
    }

    @Test(arguments: DigestAlgorithm.allCases)
    func hereAllAreComputed(algorithm: DigestAlgorithm) {
        #expect(Digester.computes(algorithm))
    }

    @Test func startForgets() {
        var digester = Digester(.sha1)
        let bytes: [UInt8] = [1, 2, 3]
        unsafe digester.update(bytes.span.bytes)
        digester.start()
        let digest = digester.finish()
        #expect(digest == Digester.digest(of: [], .sha1))
    }

    @Test func streamedXXH3IsTheOneOfManifests() {
        let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
        let whole = unsafe XXH3.digest(of: bytes.span.bytes)
        #expect(Digester.digest(of: bytes, .xxh3) == whole.bytes)
    }
}
