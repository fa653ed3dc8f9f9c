import CommandLine
import Glibc
import Launch
import MPITransport
import Vocabulary

/// `mpiswarm sbcast SOURCE DEST`: as a rank, this process stages; in an allocation without ranks,
/// it becomes the `srun` that starts them.
func sbcast(_ options: SbcastOptions) throws(LaunchError) -> Int32 {
    let usesPMIx = RuntimeLibrary.builtFor != nil
    let step = SlurmStep(
        of: executablePath(), Array(CommandLine.arguments.dropFirst()), usesPMIx: usesPMIx,
        lookup: environmentVariable)
    if let wanted = options.jobid?.split(separator: ".").first, step.job != String(wanted) {
        return refused(
            "--jobid=\(harmless(String(wanted))): "
                + (step.job.map { "this is job \(harmless($0))" } ?? "this is no job of Slurm"))
    }
    let isTask =
        environment.rank != nil
        || SlurmTask(usesPMIx: usesPMIx, lookup: environmentVariable) != nil
    guard !isTask || step.isInShell else { return try stage(options.staging) }
    guard let words = step.words else {
        return refused(
            "there is no job: start it in an allocation of Slurm, or with srun or mpirun")
    }
    if step.isInShell {
        for name in environmentNames() where SlurmStep.describesTask(name) {
            unsafe unsetenv(name)
        }
    }
    do throws(LaunchError) { try ProgramChange.become(words) } catch .call(_, ENOENT) {
        return refused("there is no srun in PATH, which starts a rank on each node")
    } catch .call(_, let code) {
        return refused("cannot start srun: \(unsafe String(cString: strerror(code)))")
    }
    return 1
}

private func refused(_ words: String) -> Int32 {
    if environment.speaksForTheJob { JobLog.none.print("mpiswarm: sbcast: \(words)") }
    // Open MPI's mpirun may wait for ever when ranks end before it has started all of them.
    if environment.rank != nil { rest(.milliseconds(500)) }
    return UsageError.exitStatus
}

/// The path of this program on each node. The name that the user typed may be one that is found in
/// `PATH`.
private func executablePath() -> String {
    let real = realPath("/proc/self/exe")
    return real.isEmpty ? CommandLine.arguments[0] : real
}
