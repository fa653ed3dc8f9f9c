import CommandLine
import Content
import Staging
import Storage
import Vocabulary

/// The shell command with which the dynamic loader finds the libraries of the copies.
struct StageLibraries {
    private let options: StageOptions
    private let plan: StagePlan

    init(_ options: StageOptions, _ plan: StagePlan) {
        self.options = options
        self.plan = plan
    }

    /// The line to print; nil if no libraries were copied. If the copies have several paths, it has
    /// the pattern of DEST.
    var line: String? {
        let folders = folders
        guard !folders.isEmpty else { return nil }
        let paths = folders.map { shellWord($0) }.joined(separator: ":")
        return "export LD_LIBRARY_PATH=\(paths)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    }

    private var folders: [String] {
        guard options.withLibs else { return [] }
        let landings = plan.orders.values.compactMap(\.landing)
        let goesInto = landings.allSatisfy { $0.name == nil }
        let paths = Set(landings.map(\.path))
        let place = paths.count == 1 ? paths.first : absolute(options.destination)
        let known = Set(
            plan.contents.flatMap { $0.entries.filter { $0.path.isSingleName } }
                .map(\.path.description))
        return options.sourcePaths.compactMap { path in
            guard let place, let name = options.name(of: path)?.description else { return nil }
            guard known.contains(name + LinkedExecutable.suffix) else { return nil }
            return (goesInto ? "\(place)/\(name)" : place) + LinkedExecutable.suffix
        }
    }
}
