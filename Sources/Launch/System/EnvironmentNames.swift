import CLinux

/// The names of all environment variables that are text.
@Sendable package func environmentNames() -> [String] {
    var names: [String] = []
    guard var next = unsafe clinux_environment() else { return [] }
    while let text = unsafe next.pointee {
        let variable = unsafe String(cString: text)
        names.append(String(variable.prefix { $0 != "=" }))
        unsafe next += 1
    }
    return names
}
