import Vocabulary

extension TreeManifest {
    /// What every description must fulfil, whoever made it.
    func checkEntries() throws(TreeFlaw) {}
}
