import CPMIx

/// The version of PMIx: of the library that was loaded, and of the one that this build was made
/// for.
package enum RuntimeLibrary {
    package static let builtFor =
        "\(PMIX_VERSION_MAJOR).\(PMIX_VERSION_MINOR).\(PMIX_VERSION_RELEASE)"

    package static var found: String {
        guard let text = unsafe PMIx_Get_version() else { return "unknown" }
        return unsafe String(cString: text)
    }
}
