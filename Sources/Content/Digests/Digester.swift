import CCrypto
import CXXHash

/// Digests a stream that comes in parts, and then the next stream. The one way into libcrypto.
///
/// Invariant: the context is initialised, and has seen what was added since the last `finish`.
@safe package struct Digester: ~Copyable {
    package let algorithm: DigestAlgorithm
    private let context: OpaquePointer

    /// `computes` must say yes for it.
    package init(_ algorithm: DigestAlgorithm) {
        self.init(unstarted: algorithm)
        start()
    }

    private init(unstarted algorithm: DigestAlgorithm) {
        let made =
            switch algorithm {
            case .xxh3: unsafe XXH3_createState()
            case .md5, .sha1, .sha256: unsafe EVP_MD_CTX_new()
            }
        guard let made = unsafe made else { preconditionFailure("no memory for a digest") }
        self.algorithm = algorithm
        unsafe context = made
    }

    /// Whether the library computes this digest: a libcrypto that enforces a standard refuses MD5,
    /// and one without its providers refuses all. It is asked before bytes are read, so that no
    /// work is lost.
    package static func computes(_ algorithm: DigestAlgorithm) -> Bool {
        Digester(unstarted: algorithm).begin()
    }

    deinit {
        switch algorithm {
        case .xxh3: unsafe XXH3_freeState(context)
        case .md5, .sha1, .sha256: unsafe EVP_MD_CTX_free(context)
        }
    }

    package mutating func update(_ bytes: RawSpan) {
        let succeeded = unsafe bytes.withUnsafeBytes { memory in
            switch algorithm {
            case .xxh3:
                unsafe XXH3_128bits_update(context, memory.baseAddress, memory.count) == XXH_OK
            case .md5, .sha1, .sha256:
                unsafe EVP_DigestUpdate(context, memory.baseAddress, memory.count) == 1
            }
        }
        precondition(succeeded, "a digest takes any bytes")
    }

    /// As many zeros as no memory has to hold.
    mutating func updateZeros(_ byteCount: Int64) {
        var left = byteCount
        while left > 0 {
            let part = Int(min(left, Int64(Self.zeros.count)))
            unsafe update(Self.zeros.span.bytes.extracting(0..<part))
            left -= Int64(part)
        }
    }

    private static let zeros = [UInt8](repeating: 0, count: 64 << 10)

    /// The digest of all since the last one.
    package mutating func finish() -> [UInt8] {
        defer { start() }
        switch algorithm {
        case .xxh3:
            let hash = unsafe XXH3_128bits_digest(context)
            return Digest128(high: hash.high64, low: hash.low64).bytes
        case .md5, .sha1, .sha256:
            var digest = [UInt8](repeating: 0, count: algorithm.byteCount)
            precondition(unsafe EVP_DigestFinal_ex(context, &digest, nil) == 1, "a digest ends")
            return digest
        }
    }

    /// Forgets what was added.
    package mutating func start() { precondition(begin(), "this libcrypto lacks \(algorithm)") }

    private borrowing func begin() -> Bool {
        switch algorithm {
        case .md5: unsafe EVP_DigestInit_ex(context, EVP_md5(), nil) == 1
        case .sha1: unsafe EVP_DigestInit_ex(context, EVP_sha1(), nil) == 1
        case .sha256: unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        case .xxh3: unsafe XXH3_128bits_reset(context) == XXH_OK
        }
    }

    package static func digest(of bytes: RawSpan, _ algorithm: DigestAlgorithm) -> [UInt8] {
        var digester = Digester(algorithm)
        digester.update(bytes)
        return digester.finish()
    }

    package static func digest(of bytes: [UInt8], _ algorithm: DigestAlgorithm) -> [UInt8] {
        unsafe digest(of: bytes.span.bytes, algorithm)
    }
}
