import Glibc

/// The reports of a worker to its supervisor, one byte or two for each:
///
///     1         MPI is initialised
///     2         only this rank can report the result of the job
///     3, code   the result is reported, and the rank has this exit code
///     4         the launcher is to end too
///     5         other ranks report the result of the job if this one dies
///     6         the rank ends without `MPI_Finalize`
///
/// Invariant: the death of a rank that owes the result is a failure of the job.
package struct WorkerReports: Equatable, Sendable {
    package enum Report: Equatable, Sendable {
        case initialised, resultOwed, resultShared, launcherMayEnd, unfinalized
        case resultReported(code: Int32)

        package var bytes: [UInt8] {
            switch self {
            case .initialised: [1]
            case .resultOwed: [2]
            case .resultReported(let code): [3, UInt8(truncatingIfNeeded: code)]
            case .launcherMayEnd: [4]
            case .resultShared: [5]
            case .unfinalized: [6]
            }
        }
    }

    /// More bytes than all reports of a worker have.
    static let byteCountMax = 64

    package private(set) var isInitialised = false
    package private(set) var endsLauncher = false
    /// Whether the runtime still waits for the rank's farewell.
    package private(set) var isUnfinalized = false
    /// The code with which the supervisor ends after a death by a signal.
    package private(set) var codeAfterDeath = Int32(0)

    package init(parsing bytes: [UInt8]) {
        var rest = bytes[...]
        while let kind = rest.popFirst() {
            switch kind {
            case 1: isInitialised = true
            case 2: codeAfterDeath = EXIT_FAILURE
            case 3: codeAfterDeath = rest.popFirst().map(Int32.init) ?? EXIT_FAILURE
            case 5: codeAfterDeath = EXIT_SUCCESS
            case 6: isUnfinalized = true
            default: endsLauncher = true
            }
        }
    }
}
