import CLinux
import Content
import Glibc
import Vocabulary

/// Finds the libraries of an executable as the dynamic loader would, but starts neither: a process
/// that uses MPI must not start others, and a loader that prints its list (`ld.so --list`) maps the
/// file, which may come from anywhere.
///
/// Libraries for certain kinds of processor (`glibc-hwcaps`) are not searched, because the nodes
/// that get the copy may have others.
struct LibrarySearch {
    private let terms: LibraryTerms
    /// The executable, and then the libraries in the order in which they were found.
    private var loaded: [Loaded] = []
    /// The position in `loaded` of the file that answers to each name.
    private var known: [[UInt8]: Int] = [:]
    /// The names under which the search returns libraries.
    private var names: Set<[UInt8]> = []

    static let librariesMax = 4096

    private struct Loaded {
        let image: ElfImage
        let path: String
        /// The folder that `$ORIGIN` stands for.
        let origin: String
        /// The position of the file that needs this one; nil for the executable.
        let loader: Int?
    }

    /// A library, under the name by which the loader searches for it.
    struct Found: Equatable {
        let name: [UInt8]
        let path: String
    }

    init(_ terms: LibraryTerms) { self.terms = terms }

    /// Whether the executable needs no loader.
    var isStatic: Bool { loaded.first?.image.isStatic ?? false }

    /// The libraries of an executable, each before those that it needs.
    mutating func find(for executable: String) throws(StorageError) -> [Found] {
        let image = try ElfImage.open(executable, for: terms.machine)
        let path = try Self.realPath(executable)
        loaded = [Loaded(image: image, path: path, origin: Self.folder(of: path), loader: nil)]
        var found = try loadAdded()
        var position = 0
        while position < loaded.count {
            for name in loaded[position].image.needed {
                guard !names.contains(name), !LibraryTerms.belongsToNode(name) else { continue }
                if let other = known[name] {
                    found += alias(name, of: loaded[other].path)
                    continue
                }
                guard loaded.count <= Self.librariesMax else {
                    throw .badExecutable(
                        path: executable, .tooManyLibraries(countMax: Self.librariesMax))
                }
                guard let one = try search(name, for: position) else {
                    throw .badExecutable(
                        path: executable,
                        .notFound(RelativePath.text(of: name[...]), by: loaded[position].path))
                }
                found.append(one)
            }
            position += 1
        }
        return found
    }

    /// Loads the libraries of `--lib` under both of their names, the name of the file and the
    /// SONAME, because the executable may open them by either.
    private mutating func loadAdded() throws(StorageError) -> [Found] {
        var found: [Found] = []
        var paths: [[UInt8]: String] = [:]
        for file in terms.added {
            let name = Array(file.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }.reversed())
            if let other = paths[name] {
                guard other == file else { throw .sameName(path: file, otherPath: other) }
                continue
            }
            paths[name] = file
            if let one = try load(file, as: name, for: 0, isRequired: true) { found.append(one) }
            let all = [name] + (loaded.last?.image.ownName.map { [$0] } ?? [])
            guard !all.contains(where: LibraryTerms.belongsToNode) else {
                throw .badExecutable(path: file, .belongsToNode)
            }
        }
        // A file that is really called like that takes precedence over a SONAME.
        for library in loaded.dropFirst() {
            guard let own = library.image.ownName else { continue }
            found += alias(own, of: library.path)
        }
        return found
    }

    /// Adds a further name of a file that is loaded already. A name with a slash is a path, which
    /// the loader opens without a search.
    private mutating func alias(_ name: [UInt8], of path: String) -> [Found] {
        guard !name.isEmpty, !name.contains(UInt8(ascii: "/")), names.insert(name).inserted else {
            return []
        }
        return [Found(name: name, path: path)]
    }

    private mutating func search(
        _ name: [UInt8], for position: Int
    ) throws(StorageError) -> Found? {
        guard !name.contains(UInt8(ascii: "/")) else {
            let path = expanded(name[...], for: loaded[position])
            return try load(path, as: name, for: position)
        }
        var candidates = folders(for: position).map { "\($0)/" }
        let image = loaded[position].image
        let text = String(decoding: name, as: UTF8.self)
        for folder in candidates {
            if let one = try load(folder + text, as: name, for: position) { return one }
        }
        guard image.usesSystemFolders else { return nil }
        for path in terms.cache.paths(of: name) {
            if let one = try load(path, as: name, for: position) { return one }
        }
        candidates = terms.systemFolders.map { "\($0)/" }
        for folder in candidates {
            if let one = try load(folder + text, as: name, for: position) { return one }
        }
        return nil
    }

    /// The folders in the order in which the loader searches them, without those of the system.
    private func folders(for position: Int) -> [String] {
        let one = loaded[position]
        var folders: [String] = []
        if one.image.runpath == nil {
            var next: Int? = position
            var isMainSeen = false
            while let current = next {
                folders += paths(loaded[current].image.runpath == nil, loaded[current])
                isMainSeen = current == 0
                next = loaded[current].loader
            }
            if !isMainSeen { folders += paths(loaded[0].image.runpath == nil, loaded[0]) }
        }
        folders += terms.searched
        if let runpath = one.image.runpath { folders += split(runpath, for: one) }
        return folders
    }

    private func paths(_ isUsed: Bool, _ one: Loaded) -> [String] {
        guard isUsed, let rpath = one.image.rpath else { return [] }
        return split(rpath, for: one)
    }

    private func split(_ path: [UInt8], for one: Loaded) -> [String] {
        path.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).flatMap {
            $0.isEmpty ? ["."] : variants(expanded($0, for: one))
        }
    }

    private func expanded(_ text: ArraySlice<UInt8>, for one: Loaded) -> String {
        var text = String(decoding: text, as: UTF8.self)
        for (token, value) in [("ORIGIN", one.origin), ("PLATFORM", terms.machine?.platform ?? "")]
        {
            text = Self.replacing("${\(token)}", by: value, in: text)
            text = Self.replacing("$\(token)", by: value, in: text)
        }
        return text
    }

    /// `$LIB` is `lib64`, or something like `lib/x86_64-linux-gnu`, as the system was built.
    private func variants(_ path: String) -> [String] {
        let values = [terms.machine?.folder.map { "lib/\($0)" }, "lib64", "lib"].compactMap(\.self)
        guard path.utf8.contains(UInt8(ascii: "$")) else { return [path] }
        return values.map { value in
            Self.replacing("$LIB", by: value, in: Self.replacing("${LIB}", by: value, in: path))
        }
    }

    private static func replacing(_ word: String, by value: String, in text: String) -> String {
        var parts: [Substring] = []
        var rest = text[...]
        while let range = rest.firstRange(of: word) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        parts.append(rest)
        return parts.joined(separator: value)
    }

    /// Returns nil if the file is no library for this machine: the loader then tries the next
    /// folder.
    private mutating func load(
        _ path: String, as name: [UInt8], for position: Int, isRequired: Bool = false
    ) throws(StorageError) -> Found? {
        let image: ElfImage
        do throws(StorageError) { image = try ElfImage.open(path, for: terms.machine) } catch {
            guard !isRequired else { throw error }
            return nil
        }
        known[name] = loaded.count
        names.insert(name)
        if let own = image.ownName, known[own] == nil { known[own] = loaded.count }
        loaded.append(
            Loaded(
                image: image, path: path, origin: Self.folder(of: Self.whole(path)),
                loader: position))
        return Found(name: name, path: path)
    }

    private static func folder(of path: String) -> String {
        "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }

    private static func whole(_ path: String) -> String {
        guard !path.hasPrefix("/"), let folder = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(folder) }
        return unsafe String(cString: folder) + "/" + path
    }

    static func realPath(_ path: String) throws(StorageError) -> String {
        guard let found = unsafe realpath(path, nil) else {
            throw .system(call: "realpath", path: path, errno: errno)
        }
        defer { unsafe free(found) }
        return unsafe String(cString: found)
    }
}
