import CommandLine
import Control
import Storage

/// Writes the page, if the user wants one, completely or not at all. Prints an error and returns
/// false on failure.
func write(
    _ page: @autoclosure () -> ReportPage, to path: String?, _ log: JobLog = .none
) -> Bool {
    guard let path else { return true }
    do throws(StorageError) {
        try writeWhole(Array(page().html.utf8), path: path)
        return true
    } catch {
        log.print("mpiswarm: \(sentence(error, path))")
        return false
    }
}
