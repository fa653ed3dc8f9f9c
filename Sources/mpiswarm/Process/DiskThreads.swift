import Launch
import Storage

/// The threads of a rank that work for its disks.
struct DiskThreads: ~Copyable {
    let crew: DiskWorkers
    private let threads: [NamedThread]

    init(_ count: Int, of crew: DiskWorkers) throws(LaunchError) {
        var threads: [NamedThread] = []
        for number in 0..<count {
            threads.append(try NamedThread(name: "disk \(number)", crew) { $0.work() })
        }
        self.threads = threads
        self.crew = crew
    }

    /// Waits for what was submitted.
    consuming func end() throws(LaunchError) {
        crew.close()
        for thread in threads { try thread.join() }
    }
}
