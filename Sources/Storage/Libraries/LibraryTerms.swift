package import Vocabulary

/// The rules for the libraries of an executable: where to search, and which to copy.
package struct LibraryTerms: Sendable {
    /// The folders of LD_LIBRARY_PATH.
    package var searched: [String] = []
    package var cache = LoaderCache()
    /// The folders that the loader searches last.
    package var systemFolders: [String] = []
    /// The files of `--lib`: libraries that the executable opens at run time, or that replace what
    /// the search would find.
    package var added: [String] = []
    /// Libraries in these folders and below them are not copied, unless a rule decides otherwise.
    package var skippedFolders: [String] = []
    /// The first rule that matches the path of a library, or of a folder above it, decides.
    package var rules: [FilterRule] = []
    /// Nil accepts every machine of 64 bits, little-endian.
    package var machine: ElfMachine?

    package init(machine: ElfMachine?) { self.machine = machine }

    /// The terms of this process. An empty folder in `searched` is the current folder.
    package static func own(searched: String?) -> LibraryTerms {
        var terms = LibraryTerms(machine: .own)
        terms.cache = LoaderCache(path: "/etc/ld.so.cache")
        terms.searched = (searched ?? "").split(
            omittingEmptySubsequences: searched?.isEmpty ?? true,
            whereSeparator: { $0 == ":" || $0 == ";" }
        ).map { $0.isEmpty ? "." : String($0) }
        let places = terms.machine?.folder.map { ["/lib/\($0)", "/usr/lib/\($0)"] } ?? []
        terms.systemFolders = places + ["/lib64", "/usr/lib64", "/lib", "/usr/lib"]
        return terms
    }

    /// Whether a library must come from the node itself. The C library has to fit the dynamic
    /// loader and the kernel of the node, and a driver its devices: a copy from another node would
    /// not work.
    static func belongsToNode(_ name: [UInt8]) -> Bool {
        let name = String(decoding: name, as: UTF8.self)
        return nodeNames.contains { name.hasPrefix($0) }
    }

    private static let nodeNames =
        [
            "libc", "libm", "libpthread", "libdl", "librt", "libutil", "libresolv", "libanl",
            "libmvec", "libBrokenLocale", "libthread_db", "libnss_compat", "libnss_db",
            "libnss_dns", "libnss_files", "libnss_hesiod",
        ].map { $0 + ".so" } + ["libnsl.so.1", "ld-linux", "ld64.so", "ld-musl", "libc.musl"]
        + [
            "libcuda.so", "libcudadebugger.so", "libnvidia-", "libnvcuvid.so", "libnvoptix.so",
            "libGLX_nvidia.so", "libEGL_nvidia.so", "libze_intel_gpu.so",
        ]
}
