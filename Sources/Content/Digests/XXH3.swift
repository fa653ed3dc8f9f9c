import CXXHash
package import Vocabulary

/// The one way into libxxhash.
package enum XXH3 {
    package static func digest(of bytes: RawSpan) -> Digest128 {
        let hash = unsafe bytes.withUnsafeBytes { memory in
            unsafe XXH3_128bits(memory.baseAddress, memory.count)
        }
        return Digest128(high: hash.high64, low: hash.low64)
    }
}

extension ContentID {
    /// The identity of a content whose manifest is `bytes`.
    package init(ofManifest bytes: RawSpan) {
        let digest = XXH3.digest(of: bytes)
        self.init(high: digest.high, low: digest.low)
    }

    package init(ofManifest bytes: [UInt8]) {
        unsafe self.init(ofManifest: bytes.span.bytes)
    }
}
