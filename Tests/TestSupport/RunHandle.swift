import Glibc

/// A command that runs, for whoever strikes it while it does. A rank is two processes, as this
/// package starts them: the one that mpirun started, and its child, which does the work.
package struct RunHandle {
    let process: pid_t
    let mark: RunMark

    /// Has everybody end at once, without a word.
    package func killAll() { _ = mark.killBearers() }

    /// To the command alone.
    package func signal(_ signal: Int32) { kill(process, signal) }

    /// To the child that does the rank's work. False when there is none.
    package func signal(_ signal: Int32, rank: Int) -> Bool {
        let known = mark.bearers()
        guard
            let worker = known.first(where: { bearer in
                guard self.rank(of: bearer) == rank, let parent = parent(of: bearer) else {
                    return false
                }
                return known.contains(parent) && self.rank(of: parent) == rank
            })
        else { return false }
        return kill(worker, signal) == 0
    }

    /// To the process that mpirun started as this rank. False when there is none.
    package func signal(_ signal: Int32, supervisorOf rank: Int) -> Bool {
        let known = mark.bearers()
        let supervisor = known.first { bearer in
            guard self.rank(of: bearer) == rank, let parent = parent(of: bearer) else {
                return false
            }
            return self.rank(of: parent) != rank
        }
        guard let supervisor else { return false }
        return kill(supervisor, signal) == 0
    }

    private func rank(of process: pid_t) -> Int? {
        let name = Array("OMPI_COMM_WORLD_RANK=".utf8)
        for variable in FileBytes.read(path: "/proc/\(process)/environ").split(separator: 0)
        where variable.starts(with: name) {
            return Int(String(decoding: variable.dropFirst(name.count), as: UTF8.self))
        }
        return nil
    }

    /// The fourth word; the second one, in brackets, may hold anything.
    private func parent(of process: pid_t) -> pid_t? {
        let text = String(
            decoding: FileBytes.read(path: "/proc/\(process)/stat"), as: UTF8.self)
        guard let bracket = text.lastIndex(of: ")") else { return nil }
        let words = text[text.index(after: bracket)...].split(separator: " ")
        return words.count > 1 ? pid_t(words[1]) : nil
    }
}
