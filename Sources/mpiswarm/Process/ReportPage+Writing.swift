import CommandLine
import Control
import Storage

/// Writes the page whole or not at all, where one is asked for. False, and a line that says why,
/// when that fails.
func write(_ page: @autoclosure () -> ReportPage, to path: String?) -> Bool {
    guard let path else { return true }
    do throws(StorageError) {
        try writeWhole(Array(page().html.utf8), path: path)
        return true
    } catch {
        say("mpiswarm: \(sentence(error, path))\n", on: .error)
        return false
    }
}
