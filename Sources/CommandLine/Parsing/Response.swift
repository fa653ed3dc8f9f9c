import Vocabulary

/// The reaction of this process to its command line.
package enum Response: Hashable, Sendable {
    case perform(Request)
    /// Print the text, if any, and leave with the status.
    case leave(text: String, stream: StandardStream, exitStatus: Int32)
}

extension Program {
    /// The same for the bytes that were typed. A path that is not text would be repaired into the
    /// path of something different.
    package func response(
        to arguments: [[UInt8]], in environment: LaunchEnvironment
    ) -> Response {
        for argument in arguments where String(validating: argument, as: UTF8.self) == nil {
            let error = UsageError.notText(RelativePath.text(of: argument[...]))
            return environment.speaksForTheJob
                ? .leave(text: error.line, stream: .error, exitStatus: UsageError.exitStatus)
                : .leave(text: "", stream: .output, exitStatus: 0)
        }
        return response(
            to: arguments.map { String(decoding: $0, as: UTF8.self) }, in: environment)
    }

    /// `arguments` are those after the program's own name.
    package func response(
        to arguments: [String], in environment: LaunchEnvironment
    ) -> Response {
        let silence = Response.leave(text: "", stream: .output, exitStatus: 0)
        do {
            switch try outcome(of: arguments) {
            case .request(let request): return .perform(request)
            case .answer(let text):
                guard environment.speaksForTheJob else { return silence }
                return .leave(text: text, stream: .output, exitStatus: 0)
            }
        } catch {
            guard environment.speaksForTheJob else { return silence }
            return .leave(text: error.line, stream: .error, exitStatus: UsageError.exitStatus)
        }
    }
}
