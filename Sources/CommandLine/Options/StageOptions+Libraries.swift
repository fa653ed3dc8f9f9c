extension StageOptions {
    /// The folders in which a system keeps libraries, which every node has.
    package static let systemFolders = ["/lib", "/usr/lib", "/lib64", "/usr/lib64"]

    /// An executable is a single file, and its libraries are what its header says.
    func checkLibraries() throws(UsageError) {
        guard withLibs else {
            if !libs.isEmpty {
                throw .incomplete("--lib", without: "--with-libs", command: "stage")
            }
            return
        }
        let others = [
            ("--have", have != nil), ("--unpack", unpack), ("--follow", follow),
            ("--files-from", filesFrom != nil), ("--delete", delete),
        ]
        if let other = others.first(where: \.1) {
            throw .incompatible("--with-libs", other.0, command: "stage")
        }
    }
}
