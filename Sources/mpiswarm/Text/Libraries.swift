import CommandLine
import Content
import Launch
import MPITransport
import Wire

var mpiLibrary: LibraryVersion {
    LibraryVersion(name: "MPI", found: MPIWorld.libraryVersion, builtFor: MPIWorld.builtFor)
}

/// The libraries that the program was built for and has loaded, and the version of its messages:
/// ranks whose versions of messages differ do not understand each other.
var libraries: [LibraryVersion] {
    let openSSL = DigestLibraries.openSSL
    let xxHash = DigestLibraries.xxHash
    return [
        mpiLibrary,
        LibraryVersion(
            name: "PMIx", found: RuntimeLibrary.found, builtFor: RuntimeLibrary.builtFor),
        LibraryVersion(name: "OpenSSL", found: openSSL.found, builtFor: openSSL.builtFor),
        LibraryVersion(name: "xxHash", found: xxHash.found, builtFor: xxHash.builtFor),
        LibraryVersion(name: "wire version", found: "\(Head.version)"),
    ]
}
