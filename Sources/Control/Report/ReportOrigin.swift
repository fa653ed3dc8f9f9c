/// The origin of a page: its date, the version and the command line.
package struct ReportOrigin: Sendable {
    private let date: String
    package let version: String
    private let command: String

    package init(date: String, version: String, command: String) {
        self.date = date
        self.version = version
        self.command = command
    }

    var html: String {
        "<p class=\"origin\">\(PageText.escaped(date)), mpiswarm \(PageText.escaped(version))</p>\n"
            + "<p class=\"origin\"><code>\(PageText.escaped(command))</code></p>\n"
    }
}
