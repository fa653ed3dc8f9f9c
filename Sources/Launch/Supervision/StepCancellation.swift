/// Ends the step of Slurm that this process belongs to, if it has not ended by itself after some
/// seconds. Slurm's PMIx does not always answer a process whose rank has died while it was
/// connecting, and the other ranks would wait without end.
enum StepCancellation {
    private static let seconds = 5

    /// Does nothing where no step of Slurm started this process. The command that waits belongs to
    /// the step, and ends with it.
    static func begin() {
        guard Runtime.isUnderSrun, let job = number("SLURM_JOB_ID"),
            let step = number("SLURM_STEP_ID")
        else { return }
        do throws(LaunchError) {
            _ = try HookProcess("sleep \(seconds); exec scancel \(job).\(step)")
        } catch { return }
    }

    private static func number(_ variable: String) -> UInt32? {
        Environment.value(of: variable).flatMap { UInt32($0) }
    }
}
