import CommandLine
import Glibc
import Launch
import MPITransport
import Storage

func execute(_ request: Request) -> Int32 {
    do throws(LaunchError) {
        switch request {
        case .run(let options): return try run(options)
        case .stage(let options):
            if options.verbose { try RuntimeMessages.show() }
            return try stage(options)
        case .collect(let options):
            if options.staging.verbose { try RuntimeMessages.show() }
            return try stage(options.staging)
        case .sbcast(let options): return try sbcast(options)
        case .serve(let options):
            if options.verbose { try RuntimeMessages.show() }
            return try serve(options)
        case .doctor(let options): return try doctor(options)
        case .shell(let options):
            return environment.speaksForTheJob ? Shell(options).talk() : 0
        case .jobs(let options):
            return environment.speaksForTheJob ? listJobs(options) : 0
        case .cache(let options):
            let status = CacheReport(options, in: environment).perform()
            if environment.rank != nil { rest(.milliseconds(500)) }
            return status
        case .clean(let options):
            // Each node has its own leftovers.
            let status = Clean(options, in: environment).perform()
            if environment.rank != nil { rest(.milliseconds(500)) }
            return status
        case .simulate(let options):
            // Under mpirun one rank is enough, because a simulation needs no other process.
            return environment.speaksForTheJob ? Simulate(options).perform() : 0
        case .make(let options):
            return environment.speaksForTheJob ? Make(options).perform() : 0
        case .show(let options):
            return environment.speaksForTheJob ? show(options) : 0
        case .checkLogs(let options):
            return environment.speaksForTheJob ? CheckLogs(options).perform() : 0
        case .verify(let options):
            return environment.speaksForTheJob ? Verify(options).perform() : 0
        }
    } catch {
        say("mpiswarm: \(error)\n", on: .error)
        return 1
    }
}

/// Returns whether the text was written. A reader that has gone away has seen enough.
@discardableResult
func say(_ text: String, on stream: StandardStream) -> Bool {
    say(Array(text.utf8), on: stream)
}

func say(_ bytes: [UInt8], on stream: StandardStream) -> Bool {
    do {
        try stream.write(bytes)
        return true
    } catch {
        return error == .readerGone
    }
}

func environmentVariable(_ name: String) -> String? {
    guard let text = unsafe getenv(name) else { return nil }
    return unsafe String(cString: text)
}

func optionsText(at path: String) -> Result<[UInt8], OptionsFileError> {
    do throws(StorageError) { return .success(try readWhole(path: path)) } catch {
        return .failure(OptionsFileError(reason: error.reason))
    }
}

/// The bytes of the arguments after the program's own name.
func typedArguments() -> [[UInt8]] {
    (1..<max(1, Int(CommandLine.argc))).map { number in
        unsafe CommandLine.unsafeArgv[number].map { argument in
            unsafe Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
        } ?? []
    }
}

let program = Program(
    version: Version.text, date: Version.date,
    sources: OptionSources(
        names: environmentNames, variable: environmentVariable, file: optionsText),
    libraries: { libraries })
let environment = LaunchEnvironment(lookup: environmentVariable)
let response = program.response(to: typedArguments(), in: environment)
switch response {
case .perform(let request):
    exit(execute(request))
case .leave(let text, let stream, let exitStatus):
    let isSaid = say(text, on: stream)
    if !isSaid { say("mpiswarm: cannot write to standard output\n", on: .error) }
    // Open MPI's mpirun may wait for ever when ranks end before it has started all of them.
    if environment.rank != nil { rest(.milliseconds(500)) }
    exit(isSaid ? exitStatus : 1)
}
