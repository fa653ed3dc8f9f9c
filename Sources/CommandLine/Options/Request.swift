/// Work that a command line asks the program to do, beyond printing an answer.
package enum Request: Hashable, Sendable {
    case run(RunOptions)
    case stage(StageOptions)
    case collect(CollectOptions)
    case sbcast(SbcastOptions)
    case serve(ServeOptions)
    case shell(ShellOptions)
    case jobs(JobsOptions)
    case cache(CacheOptions)
    case clean(CleanOptions)
    case doctor(DoctorOptions)
    case simulate(SimulateOptions)
    case make(MakeOptions)
    case show(ShowOptions)
    case verify(VerifyOptions)
    case checkLogs(CheckLogsOptions)
}
