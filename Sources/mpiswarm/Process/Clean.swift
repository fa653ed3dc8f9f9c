import CommandLine
import Control
import Glibc
import Storage
import Vocabulary

/// `mpiswarm clean`: removes the leftovers of killed jobs of this user from this machine. If a
/// launcher starts it on several nodes, each rank cleans its own node, and prints the name of that
/// node.
struct Clean {
    private let options: CleanOptions
    private let prefix: String
    private let search: LeftoverSearch

    init(_ options: CleanOptions, in environment: LaunchEnvironment) {
        self.options = options
        let host = hostName
        prefix = environment.rank == nil ? "" : "\(harmless(host)): "
        var folders = ["/tmp"]
        if let folder = environmentVariable("TMPDIR"), folder.hasPrefix("/"), folder != "/tmp" {
            folders.append(folder)
        }
        search = LeftoverSearch(
            host: host, temporaryFolders: folders, now: Int64(wallClock() / 1_000_000_000))
    }

    func perform() -> Int32 {
        do throws(CleanError) {
            var count = 0
            var total = ByteCount.zero
            for path in try sockets() {
                guard unsafe options.dryRun || unlink(path) == 0 else { continue }
                count += 1
                report(path, .zero)
            }
            for leftover in try files() {
                if !options.dryRun, try !remove(leftover) { continue }
                count += 1
                total += ByteCount(leftover.byteCount)
                report(leftover.path, ByteCount(leftover.byteCount))
            }
            let things = count == 1 ? "1 file or folder" : "\(count) files and folders"
            let done = options.dryRun ? "would be removed" : "removed"
            let words = count == 0 ? "nothing to remove" : "\(things) \(done), \(total.words)"
            say("\(prefix)\(words)\n", on: .output)
            return 0
        } catch {
            say("mpiswarm: clean: \(prefix)\(error.words)\n", on: .error)
            return 1
        }
    }

    private func report(_ path: String, _ size: ByteCount) {
        let done = options.dryRun ? "would remove" : "removed"
        let room = size > .zero ? " (\(size.words))" : ""
        say("\(prefix)\(done) \(harmless(path))\(room)\n", on: .output)
    }

    /// The sockets of `serve` on which no rank listens any more.
    private func sockets() throws(CleanError) -> [String] {
        do throws(ControlError) {
            var paths: [String] = []
            let runtime = environmentVariable("XDG_RUNTIME_DIR")
            for folder in try ControlFolder.all(runtimeFolder: runtime) {
                paths += try folder.abandonedSockets()
            }
            return paths
        } catch { throw .sockets(error) }
    }

    private func files() throws(CleanError) -> [Leftover] {
        do throws(StorageError) { return try search.found() } catch { throw .files(error) }
    }

    private func remove(_ leftover: Leftover) throws(CleanError) -> Bool {
        do throws(StorageError) { return try search.remove(leftover) } catch {
            throw .files(error)
        }
    }
}
