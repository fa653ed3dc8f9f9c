import CCrypto
import CXXHash

/// The versions of the libraries that compute digests: of the one that was loaded, and of the one
/// that this build was made for.
package enum DigestLibraries {
    package static var openSSL: (found: String, builtFor: String) {
        let found = unsafe OpenSSL_version(OPENSSL_VERSION_STRING).map {
            unsafe String(cString: $0)
        }
        return (found ?? "unknown", OPENSSL_VERSION_STR)
    }

    package static var xxHash: (found: String, builtFor: String) {
        let builtFor =
            "\(XXH_VERSION_MAJOR).\(XXH_VERSION_MINOR).\(XXH_VERSION_RELEASE)"
        let number = Int(XXH_versionNumber())
        return ("\(number / 10_000).\(number / 100 % 100).\(number % 100)", builtFor)
    }
}
