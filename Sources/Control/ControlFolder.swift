import Glibc

/// Where the sockets of a user's jobs lie on this machine, one `JOB.RANK` for each rank:
/// `$XDG_RUNTIME_DIR/mpiswarm`, or `/tmp/mpiswarm-UID`. Nobody else may enter.
package struct ControlFolder: Sendable {
    package let path: String

    /// Made where it is missing, and refused where somebody else could have made it.
    package init(runtimeFolder: String?) throws(ControlError) {
        if let runtimeFolder, runtimeFolder.utf8.first == UInt8(ascii: "/") {
            path = "\(runtimeFolder)/mpiswarm"
        } else {
            path = "/tmp/mpiswarm-\(geteuid())"
        }
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw .system(call: "mkdir", path: path, errno: errno)
        }
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            throw .system(call: "lstat", path: path, errno: errno)
        }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(),
            status.st_mode & 0o077 == 0
        else { throw .unsafeFolder(path) }
    }

    package func socketPath(job: String, rank: Int) -> String { "\(path)/\(job).\(rank)" }

    /// The jobs whose ranks answer, by name and rank. What a killed job left is removed.
    package func jobs() throws(ControlError) -> [(job: String, rank: Int)] {
        guard let stream = unsafe opendir(path) else {
            throw .system(call: "opendir", path: path, errno: errno)
        }
        defer { unsafe closedir(stream) }
        var found: [(job: String, rank: Int)] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { memory in
                unsafe String(decoding: memory.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let dot = name.lastIndex(of: "."), dot > name.startIndex,
                let rank = Int(name[name.index(after: dot)...])
            else { continue }
            let job = String(name[..<dot])
            do throws(ControlError) {
                _ = try LocalSocket.connected(to: "\(path)/\(name)")
                found.append((job, rank))
            } catch .system(_, _, ECONNREFUSED) {
                unsafe unlink("\(path)/\(name)")
            } catch {
                continue
            }
        }
        return found.sorted { ($0.job, $0.rank) < ($1.job, $1.rank) }
    }
}
