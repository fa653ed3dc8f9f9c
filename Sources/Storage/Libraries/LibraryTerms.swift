package import Vocabulary

/// Where the libraries of an executable are searched for, and which of them are copied.
package struct LibraryTerms: Sendable {
    /// The folders of LD_LIBRARY_PATH.
    package var searched: [String] = []
    package var cache = LoaderCache()
    /// The folders that the loader searches last.
    package var systemFolders: [String] = []
    /// Files that the executable opens later, or that are used whatever the search finds.
    package var added: [String] = []
    /// Libraries in these folders and below them are not copied, unless a rule decides otherwise.
    package var skippedFolders: [String] = []
    /// The first rule that matches the path of a library, or of a folder above it, decides.
    package var rules: [FilterRule] = []
    /// Nil accepts every machine of 64 bits, little-endian.
    package var machine: ElfMachine?

    package init(machine: ElfMachine?) { self.machine = machine }

    /// Those of this process. An empty folder in `searched` is the current one.
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

    /// The parts of the C library belong to the dynamic loader and to the kernel of a node, and
    /// drivers to the devices of a node: those of another node would not work there.
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
