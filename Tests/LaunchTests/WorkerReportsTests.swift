import Launch
import Testing

/// What a supervisor makes of the bytes that its worker has left.
@Suite struct WorkerReportsTests {
    private func reports(_ list: WorkerReports.Report...) -> WorkerReports {
        WorkerReports(parsing: list.flatMap(\.bytes))
    }

    @Test func aWorkerThatReportedNothingIsNotInitialised() {
        #expect(!reports().isInitialised)
        #expect(reports(.initialised).isInitialised)
        #expect(!reports(.initialised).endsLauncher)
        #expect(reports(.initialised, .launcherMayEnd).endsLauncher)
    }

    @Test func theLastReportOfTheResultDecides() {
        #expect(reports(.initialised).codeAfterDeath == 0)
        #expect(reports(.initialised, .resultOwed).codeAfterDeath == 1)
        #expect(reports(.initialised, .resultOwed, .resultShared).codeAfterDeath == 0)
        #expect(reports(.resultShared, .resultOwed).codeAfterDeath == 1)
        for code: Int32 in [0, 1, 2, 7, 255] {
            let reports = reports(.resultOwed, .resultReported(code: code), .launcherMayEnd)
            #expect(reports.codeAfterDeath == code)
            #expect(reports.endsLauncher)
        }
    }

    /// A code is no report, whatever its number.
    @Test func aCodeIsNoReport() {
        for code: Int32 in 0...5 {
            #expect(!reports(.resultReported(code: code)).endsLauncher)
            #expect(!reports(.resultReported(code: code)).isInitialised)
        }
    }

    @Test func aReportThatIsCutOffIsAFailure() {
        let bytes = WorkerReports.Report.resultReported(code: 0).bytes
        #expect(WorkerReports(parsing: Array(bytes.dropLast())).codeAfterDeath == 1)
    }
}
