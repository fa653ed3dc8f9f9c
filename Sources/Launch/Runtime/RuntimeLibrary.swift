import CPMIx

/// The version of PMIx: of the library that was loaded, and of the one that this build was made
/// for. A build for MPICH has none.
package enum RuntimeLibrary {
    package static var builtFor: String? {
        guard let text = unsafe cpmix_built_for() else { return nil }
        return unsafe String(cString: text)
    }

    package static var found: String {
        guard let text = unsafe PMIx_Get_version() else { return "unknown" }
        return unsafe String(cString: text)
    }
}
