/// What a peer holds of contents that their manifests describe, for its two threads and the disk
/// workers.
package struct PeerContents: Sendable {
    package let memory = MemoryContents()
    package let files: FileContents
    package let crew: DiskWorkers

    /// `words` is the sentence about an error, for users.
    package init(
        crew: DiskWorkers, words: @escaping @Sendable (StorageError) -> String
    ) {
        files = FileContents(words: words)
        self.crew = crew
    }
}
