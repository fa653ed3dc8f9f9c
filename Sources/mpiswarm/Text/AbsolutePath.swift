import Glibc

/// From the root, without empty components and dots. Two dots stay: only the file system knows
/// where they lead.
func absolute(_ path: String) -> String {
    let full = path.hasPrefix("/") ? path : "\(currentFolder())/\(path)"
    let parts = full.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }
    return "/" + parts.joined(separator: "/")
}

private func currentFolder() -> String {
    guard let path = unsafe getcwd(nil, 0) else { return "" }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
}
