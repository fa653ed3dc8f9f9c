import Content
import Glibc

/// The identity of the place that a path leads to, by which jobs on one host recognise equal
/// destinations: the same place has the same digits by every path, whether or not it exists yet.
package struct DestinationPlace: Sendable {
    package let path: String
    /// The digits of a digest of the real path and the mount namespace. Processes in other
    /// namespaces may see another disk there: pretend nodes on one machine, jobs with a /tmp of
    /// their own.
    let digits: String
    /// The first 64 bits, by which a job compares the places of its own ranks.
    package let number: UInt64
    private let realPath: String

    /// `path` begins at the root.
    package init(_ path: String) {
        self.path = path
        var space = stat()
        // Without that file, the path alone identifies the place.
        let isKnown = unsafe stat("/proc/self/ns/mnt", &space) == 0
        realPath = Self.real(path)
        let name = realPath + "\0" + (isKnown ? String(space.st_ino) : "")
        let digest = Digester.digest(of: Array(name.utf8), .xxh3)
        digits = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        number = digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Whether both are one place, or one lies in the other.
    package func overlaps(_ other: DestinationPlace) -> Bool {
        contains(other) || other.contains(self)
    }

    private func contains(_ other: DestinationPlace) -> Bool {
        if other.realPath == realPath || other.realPath.hasPrefix(realPath + "/") { return true }
        guard let identity = FileIdentity(path: realPath) else { return false }
        // A folder that is mounted at two places has two paths.
        var path = other.realPath
        while !path.isEmpty {
            if FileIdentity(path: path) == identity { return true }
            path = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        }
        return false
    }

    /// Resolves the links in the part of the path that exists.
    private static func real(_ path: String) -> String {
        var above = path
        var below = ""
        while !above.isEmpty {
            if let found = unsafe realpath(above, nil) {
                defer { unsafe free(found) }
                return unsafe String(cString: found) + below
            }
            guard let slash = above.lastIndex(of: "/") else { break }
            below = above[slash...] + below
            above = String(above[..<slash])
        }
        return path
    }
}
