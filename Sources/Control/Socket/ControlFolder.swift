import Glibc

/// The folder of the sockets of a user's jobs on this machine, one `JOB.RANK` for each rank. No
/// other user may enter it.
package struct ControlFolder: Equatable, Sendable {
    package let path: String

    /// Refuses a folder that another user could have made.
    private init(existing path: String) throws(ControlError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            throw .system(call: "lstat", path: path, errno: errno)
        }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(),
            status.st_mode & 0o077 == 0
        else { throw .unsafeFolder(path) }
        self.path = path
    }

    /// The folder of a rank: in the runtime folder, `$XDG_RUNTIME_DIR`, or otherwise
    /// `/tmp/mpiswarm-UID`. Batch systems pass on the environment of another machine, whose runtime
    /// folder does not exist here.
    package init(
        runtimeFolder: String?, temporaryFolder: String = "/tmp"
    ) throws(ControlError) {
        let path =
            if let runtimeFolder = Self.absolute(runtimeFolder),
                unsafe access(runtimeFolder, W_OK | X_OK) == 0
            {
                Self.inside(runtimeFolder)
            } else {
                Self.among(temporaryFolder)
            }
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw .system(call: "mkdir", path: path, errno: errno)
        }
        try self.init(existing: path)
    }

    /// All such folders: a rank may have been given another runtime folder than the process that
    /// looks for it, or none. Folders that another user could have made are skipped if there is a
    /// safe one.
    package static func all(
        runtimeFolder: String?, temporaryFolder: String = "/tmp"
    ) throws(ControlError) -> [ControlFolder] {
        let usual = "/run/user/\(geteuid())"
        var paths = [Self.inside(Self.absolute(runtimeFolder) ?? usual)]
        for path in [Self.inside(usual), Self.among(temporaryFolder)] where !paths.contains(path) {
            paths.append(path)
        }
        var found: [ControlFolder] = []
        var flaw: ControlError?
        for path in paths {
            do throws(ControlError) { found.append(try ControlFolder(existing: path)) } catch {
                if case .unsafeFolder = error { flaw = flaw ?? error }
            }
        }
        if found.isEmpty, let flaw { throw flaw }
        return found
    }

    /// Nil for a relative path, which is ignored.
    private static func absolute(_ runtimeFolder: String?) -> String? {
        runtimeFolder.flatMap { $0.utf8.first == UInt8(ascii: "/") ? $0 : nil }
    }

    private static func inside(_ runtimeFolder: String) -> String { "\(runtimeFolder)/mpiswarm" }

    /// In a folder that all users share.
    private static func among(_ temporaryFolder: String) -> String {
        "\(temporaryFolder)/mpiswarm-\(geteuid())"
    }

    package func socketPath(job: String, rank: Int) -> String { "\(path)/\(job).\(rank)" }

    /// The ranks of all jobs that answer. Sockets that a killed job left are removed.
    func places() throws(ControlError) -> [ControlPlace] {
        var found: [ControlPlace] = []
        for place in try sockets() {
            do throws(ControlError) {
                _ = try LocalSocket.connected(to: place.path)
                found.append(place)
            } catch .system(_, _, ECONNREFUSED) {
                unsafe unlink(place.path)
            } catch {
                continue
            }
        }
        return found
    }

    /// The paths of sockets that no process listens at any more.
    package func abandonedSockets() throws(ControlError) -> [String] {
        var found: [String] = []
        for place in try sockets() {
            do throws(ControlError) {
                _ = try LocalSocket.connected(to: place.path)
            } catch .system(_, _, ECONNREFUSED) {
                found.append(place.path)
            } catch {
                continue
            }
        }
        return found.sorted()
    }

    /// Makes the socket of a rank. The sockets of all jobs of this user that were killed as a whole
    /// are removed here: no process of theirs was left to do so.
    package func server(job: String, rank: Int) throws(ControlError) -> ControlServer {
        for path in try abandonedSockets() { unsafe unlink(path) }
        return try ControlServer(at: socketPath(job: job, rank: rank))
    }

    /// Removes the socket of that rank if no process listens at it.
    package func removeAbandonedSocket(job: String, rank: Int) {
        let path = socketPath(job: job, rank: rank)
        do throws(ControlError) {
            _ = try LocalSocket.connected(to: path)
        } catch .system(_, _, ECONNREFUSED) {
            unsafe unlink(path)
        } catch {
            return
        }
    }

    private func sockets() throws(ControlError) -> [ControlPlace] {
        guard let stream = unsafe opendir(path) else {
            throw .system(call: "opendir", path: path, errno: errno)
        }
        defer { unsafe closedir(stream) }
        var found: [ControlPlace] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { memory in
                unsafe String(decoding: memory.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let dot = name.lastIndex(of: "."), dot > name.startIndex,
                let rank = Int(name[name.index(after: dot)...])
            else { continue }
            found.append(
                ControlPlace(job: String(name[..<dot]), rank: rank, path: "\(path)/\(name)"))
        }
        return found
    }
}
