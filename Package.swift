// swift-tools-version: 6.2
import PackageDescription

/// `make MPI=mpich` builds for MPICH. Otherwise it is the MPI that the system prefers.
let mpi =
    switch Context.environment["MPISWARM_MPI"] {
    case "mpich": (pkgConfig: "mpich", package: "libmpich-dev", hasPMIx: false)
    case "openmpi": (pkgConfig: "ompi-c", package: "libopenmpi-dev", hasPMIx: true)
    default: (pkgConfig: "mpi-c", package: "libopenmpi-dev", hasPMIx: true)
    }

/// The launchers of MPICH and its family need no PMIx, and their nodes may not have it.
let withoutPMIx: [SwiftSetting] =
    mpi.hasPMIx ? [] : [.unsafeFlags(["-Xcc", "-DMPISWARM_WITHOUT_PMIX"])]

let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .treatAllWarnings(as: .error),
    ] + withoutPMIx

/// A room of the house. What it may import is what stands here; a test holds `import` lines to it.
func room(
    _ name: String, settings: [SwiftSetting] = [], links: [LinkerSetting] = [],
    imports: [Target.Dependency] = []
) -> Target {
    .target(
        name: name, dependencies: imports, swiftSettings: strict + settings, linkerSettings: links)
}

/// What a simulation runs is optimised in debug builds, too: the tests of the simulator then take a
/// fifth of the time. Assertions and checks of exclusive access stay.
let simulated: [SwiftSetting] = [
    .unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))
]

/// Exclusive access to the simulator's few objects is checked in debug builds, where all tests
/// run; in a release build the check would be a tenth of its time.
let uncheckedAccess: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

/// Nodes are generic over their transports and disks, which others bring: those get all of a node
/// to make it anew for what is theirs. Else a tenth of a simulation would be looking up what a
/// node is generic over.
let givenToOthers: [SwiftSetting] = [
    .unsafeFlags(["-enable-cmo-everything"], .when(configuration: .release))
]

func tests(
    of name: String, imports: [Target.Dependency] = [], without files: [String] = [],
    links: [LinkerSetting] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: imports, path: "Tests/\(name)Tests", exclude: files,
        swiftSettings: strict, linkerSettings: links)
}

/// Only `make fuzz` builds the fuzzer: its instrumentation is of no use to anybody else.
let fuzzers: [Target] =
    Context.environment["MPISWARM_FUZZ"] == nil
    ? []
    : [
        .executableTarget(
            name: "ParserFuzz",
            dependencies: ["Vocabulary", "Wire", "Content", "Swarm", "Control", "Staging"],
            path: "Tests/ParserFuzz",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
    ]

/// The archives, and not the libraries: compute nodes mostly have none of them.
let lineEditing: [LinkerSetting] = [
    .unsafeFlags(
        ["edit", "bsd", "md", "tinfo"].flatMap { ["-Xlinker", "-l:lib\($0).a"] })
]

/// Archives, too, for the same reason. Other libraries of the process bring their own zlib and
/// zstd, and must not find these.
let archiveReading: [LinkerSetting] = [
    .unsafeFlags(
        ["archive", "lzma", "zstd", "bz2", "z", "nettle"].flatMap {
            ["-Xlinker", "-l:lib\($0).a", "-Xlinker", "--exclude-libs=lib\($0).a"]
        })
]

/// Libraries find a function of the program in place of that of the C library if it is exported.
let exportedSockets: [LinkerSetting] = [
    .unsafeFlags(
        ["readv", "writev"].flatMap { ["-Xlinker", "--export-dynamic-symbol=\($0)"] })
]

/// `make` names the commit. Swift Package Manager would know it too, but keeps what it knew when
/// this file last changed.
let commit: [CSetting] =
    Context.environment["MPISWARM_COMMIT"].map { text in
        [.define("MPISWARM_COMMIT", to: "\"\(text)\"")]
    } ?? []

let package = Package(
    name: "mpiswarm",
    products: [.executable(name: "mpiswarm", targets: ["mpiswarm"])],
    targets: [
        .systemLibrary(name: "CMPI", pkgConfig: mpi.pkgConfig, providers: [.apt([mpi.package])]),
        .systemLibrary(
            name: "CPMIx", pkgConfig: mpi.hasPMIx ? "pmix" : nil,
            providers: [.apt(["libpmix-dev"])]),
        .systemLibrary(
            name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CArchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CEdit", providers: [.apt(["libedit-dev"])]),
        .systemLibrary(name: "CLinux"),
        .target(name: "CBuild", cSettings: commit),
        .target(name: "CSockets", linkerSettings: exportedSockets),

        room("Vocabulary", settings: simulated),
        room("Wire", settings: simulated, imports: ["Vocabulary"]),
        room("Content", settings: simulated, imports: ["Vocabulary", "CCrypto", "CXXHash"]),
        room("Swarm", settings: simulated, imports: ["Vocabulary", "Wire"]),
        room("Staging", settings: simulated, imports: ["Vocabulary", "Wire", "Content", "Swarm"]),
        room(
            "Storage", links: archiveReading,
            imports: ["Vocabulary", "Content", "CLinux", "CArchive"]),
        room(
            "Node", settings: givenToOthers + simulated,
            imports: ["Vocabulary", "Wire", "Swarm", "Content", "Staging"]),
        room(
            "Simulation", settings: uncheckedAccess + simulated,
            imports: ["Vocabulary", "Wire", "Swarm", "Content", "Staging", "Node"]),
        room("MPITransport", imports: ["Vocabulary", "Wire", "CMPI", "CSockets"]),
        room("Launch", imports: ["Vocabulary", "CPMIx", "CLinux"]),
        room(
            "Control", imports: ["Vocabulary", "Wire", "Swarm", "Content", "Node", "CLinux"]),
        room("CommandLine", imports: ["Vocabulary"]),
        .executableTarget(
            name: "mpiswarm",
            dependencies: [
                "Vocabulary", "Wire", "Swarm", "Content", "Staging", "Storage", "Node",
                "MPITransport", "Simulation", "Launch", "Control", "CommandLine", "CEdit", "CLinux",
                "CBuild",
            ],
            swiftSettings: strict, linkerSettings: lineEditing),

        tests(of: "Vocabulary", imports: ["Vocabulary"]),
        // Its malloc counts: only for probes of what coding and steps ask of the heap.
        .target(name: "HeapCount", path: "Tests/HeapCount"),
        .executableTarget(
            name: "WireHeapProbe", dependencies: ["Vocabulary", "Wire", "HeapCount"],
            path: "Tests/WireHeapProbe", swiftSettings: strict),
        tests(of: "Wire", imports: ["Vocabulary", "Wire", "TestSupport", "WireHeapProbe"]),
        .executableTarget(
            name: "SwarmHeapProbe", dependencies: ["Vocabulary", "Wire", "Swarm", "HeapCount"],
            path: "Tests/SwarmHeapProbe", swiftSettings: strict,
            linkerSettings: [.linkedLibrary("m")]),
        tests(
            of: "Swarm", imports: ["Vocabulary", "Wire", "Swarm", "TestSupport", "SwarmHeapProbe"]),
        tests(of: "CommandLine", imports: ["Vocabulary", "CommandLine"]),
        tests(of: "Content", imports: ["Vocabulary", "Content"]),
        tests(
            of: "Staging", imports: ["Vocabulary", "Wire", "Content", "Swarm", "Staging"]),
        tests(
            of: "Storage",
            imports: ["Vocabulary", "Content", "Storage", "CLinux", "CArchive", "TestSupport"],
            // Tests write archives, too, and the library's writers need it.
            links: [.linkedLibrary("xml2")]),
        tests(of: "Control", imports: ["Vocabulary", "Wire", "Swarm", "Content", "Control"]),
        tests(of: "Node", imports: ["Vocabulary", "Wire", "Swarm", "Staging", "Node"]),
        tests(
            of: "Simulation",
            imports: ["Vocabulary", "Wire", "Content", "Staging", "Swarm", "Node", "Simulation"]),
        // Not a product: runs one simulated job and says how long it took.
        .executableTarget(
            name: "SimulationProbe", dependencies: ["Vocabulary", "Swarm", "Node", "Simulation"],
            path: "Tests/SimulationProbe", swiftSettings: strict),
        // The whole program under mpirun; it is built beside its tests.
        tests(
            of: "EndToEnd", imports: ["TestSupport", "mpiswarm"],
            without: ["libtorrent_check.py"]),
        tests(of: "Tidy"),
        // Runs under mpirun; its tests find it beside themselves.
        .executableTarget(
            name: "MPITransportProbe", dependencies: ["Vocabulary", "MPITransport"],
            path: "Tests/MPITransportProbe", swiftSettings: strict),
        tests(of: "MPITransport", imports: ["MPITransportProbe", "CMPI"]),
        tests(of: "Launch", imports: ["Launch", "CLinux", "TestSupport"]),

        // What tests share: running programs, mpirun above all.
        .target(
            name: "TestSupport", dependencies: ["CLinux"], path: "Tests/TestSupport",
            swiftSettings: strict),
        tests(of: "TestSupport", imports: ["TestSupport"]),
        // Not a product: a program under the supervisor that dies where a test wants it to.
        .executableTarget(
            name: "LaunchProbe", dependencies: ["Launch", "CMPI"], path: "Tests/LaunchProbe",
            swiftSettings: strict),
    ] + fuzzers
)
