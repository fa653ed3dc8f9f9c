import Glibc

/// The path from the root, without empty components and dots. Two dots stay, because only the file
/// system knows what they lead to.
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
