import CommandLine
import Glibc
import Launch
import MPITransport

func execute(_ request: Request) -> Int32 {
    do throws(LaunchError) {
        switch request {
        case .run(let options): return try run(options)
        }
    } catch {
        say("mpiswarm: \(error)\n", on: .error)
        return 1
    }
}

/// Says whether the text went out. A reader who has gone away has seen enough.
@discardableResult
func say(_ text: String, on stream: StandardStream) -> Bool {
    do {
        try stream.write(text)
        return true
    } catch {
        return error == .readerGone
    }
}

func environmentVariable(_ name: String) -> String? {
    guard let text = unsafe getenv(name) else { return nil }
    return unsafe String(cString: text)
}

let program = Program(version: "0.1.0", mpiLibrary: { MPIWorld.libraryVersion })
let response = program.response(
    to: Array(CommandLine.arguments.dropFirst()),
    in: LaunchEnvironment(lookup: environmentVariable))
switch response {
case .perform(let request):
    exit(execute(request))
case .leave(let text, let stream, let exitStatus):
    guard say(text, on: stream) else {
        say("mpiswarm: cannot write to standard output\n", on: .error)
        exit(1)
    }
    exit(exitStatus)
}
