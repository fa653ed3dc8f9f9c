/// The figures of a job of `stage` for programs that collect those of many jobs.
package struct StageMetrics {
    package let copyByteCount: Int64
    package let fileCount: Int
    package let copyCount: Int
    package let completeCount: Int
    package let movedByteCount: Int64
    package let readByteCount: Int64
    package let failureCount: Int
    package let seconds: Double
    /// In seconds since 1970.
    package let endedAt: Int64

    package init(
        copyByteCount: Int64, fileCount: Int, copyCount: Int, completeCount: Int,
        movedByteCount: Int64, readByteCount: Int64, failureCount: Int, seconds: Double,
        endedAt: Int64
    ) {
        self.copyByteCount = copyByteCount
        self.fileCount = fileCount
        self.copyCount = copyCount
        self.completeCount = completeCount
        self.movedByteCount = movedByteCount
        self.readByteCount = readByteCount
        self.failureCount = failureCount
        self.seconds = seconds
        self.endedAt = endedAt
    }

    package func text(version: String) -> String {
        var metrics = OpenMetrics()
        metrics.add(information: "mpiswarm", ["version": version])
        let start = "mpiswarm_stage"
        metrics.add("\(start)_copy_size", unit: "bytes", "\(copyByteCount)", "Size of one copy.")
        metrics.add("\(start)_files", "\(fileCount)", "Files of one copy.")
        metrics.add("\(start)_copies", "\(copyCount)", "Copies that were to be made.")
        metrics.add("\(start)_copies_complete", "\(completeCount)", "Copies that are complete.")
        // A copy that was there before counts as well, and a sum beyond all disks is none.
        let (delivered, isTooMuch) = copyByteCount.multipliedReportingOverflow(
            by: Int64(completeCount))
        metrics.add(
            "\(start)_delivered", unit: "bytes", "\(isTooMuch ? .max : delivered)",
            "Bytes of all complete copies.")
        metrics.add(
            "\(start)_moved", unit: "bytes", "\(movedByteCount)", "Bytes moved between ranks.")
        metrics.add(
            "\(start)_read", unit: "bytes", "\(readByteCount)", "Bytes read from the source.")
        metrics.add("\(start)_failures", "\(failureCount)", "Ranks that failed.")
        metrics.add(
            "\(start)_duration", unit: "seconds", "\(seconds)", "Duration of the job.")
        metrics.add(
            "\(start)_end_timestamp", unit: "seconds", "\(endedAt)", "End of the job.")
        return metrics.text
    }
}
