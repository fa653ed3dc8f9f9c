/// Where a content grows, and what of it outlives the job.
struct LivePlace: Sendable {
    /// The path of the growing file.
    let path: String
    /// Which pieces of it are there; nil where the next job reads the file, or there is no next
    /// job.
    let statePath: String?
    /// The path of a file that may be the whole content.
    let wholePath: String?
    /// Whether the growing file is new and empty.
    let isNew: Bool
    /// Whether the growing file goes with the job.
    let isTemporary: Bool

    /// Another job continues the file, and knows from a second file what is in it.
    init(continued stem: String) {
        path = "\(stem).mpiswarm-part"
        statePath = "\(stem).mpiswarm-state"
        (wholePath, isNew, isTemporary) = (nil, false, false)
    }

    /// Another job continues the file, and reads it.
    init(of name: String, in folder: String) {
        path = "\(folder)/.\(name).mpiswarm-part"
        wholePath = "\(folder)/\(name)"
        (statePath, isNew, isTemporary) = (nil, false, false)
    }

    /// A file that was made for it.
    init(temporary path: String) {
        self.path = path
        (statePath, wholePath, isNew, isTemporary) = (nil, nil, true, true)
    }
}
