import Glibc
import Synchronization
package import Vocabulary

/// A log that several threads of one process write, a line each time: every line is one append,
/// so that lines never tear. The file is made with the first line, in the place of what had its
/// name. A line that cannot be written is lost: a job does not fail for its log.
package final class LineLog: Sendable {
    private let folder: OutputFolder
    private let name: String
    private let state = Mutex(State())

    private struct State: ~Copyable {
        var file: OpenFile?
        var isOpened = false
        /// No line is older than the one before it, whichever thread it is of.
        var latest = Tick.zero
        var said: Set<Rank> = []
    }

    /// The folder is created where it is missing, and refused unless it can be written to.
    package init(folder: String, name: String) throws(StorageError) {
        self.folder = try OutputFolder(path: folder, prefix: name)
        self.name = name
    }

    package func append(at moment: Tick, _ line: (Tick) -> String) {
        state.withLock { append(line, at: moment, to: &$0) }
    }

    /// Only what is the first about that rank.
    package func append(at moment: Tick, onceFor rank: Rank, _ line: (Tick) -> String) {
        state.withLock { state in
            guard state.said.insert(rank).inserted else { return }
            append(line, at: moment, to: &state)
        }
    }

    private func append(_ line: (Tick) -> String, at moment: Tick, to state: inout State) {
        if !state.isOpened {
            state.isOpened = true
            state.file = open()
        }
        state.latest = max(state.latest, moment)
        let bytes = Array(line(state.latest).utf8)
        do throws(StorageError) {
            try unsafe state.file?.write(bytes.span.bytes, path: folder.path(of: name))
        } catch { return }
    }

    private func open() -> OpenFile? {
        do throws(StorageError) {
            try folder.makeFile(name, atMost: 0)
            return try folder.open(name, flags: O_WRONLY | O_APPEND)
        } catch { return nil }
    }
}
