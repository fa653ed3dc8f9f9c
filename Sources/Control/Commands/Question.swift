import Swarm
import Vocabulary
import Wire

/// A question that another machine answers.
struct Question: Sendable {
    let client: ControlClient
    let isJSON: Bool
    let command: ControlCommand
    let end: Tick
    /// The description of the file to fetch, if it was asked for by a description.
    var described: DescribedEntry?
    /// The name that the file gets, if the question has none.
    var name: RelativePath?
    /// Whether all ranks had announced their files before the question.
    var isLastTry = false
    /// The error, unless some ranks may still announce the file.
    var error: String?
    /// The contents that the name may mean, if one rank was requested; the last one is asked
    /// for next.
    var candidates: [ContentID] = []

    /// The error when no answer has come.
    var silence: String {
        guard case .chunks(_, let source?) = command else { return "no rank answered" }
        return "rank \(source) did not answer"
    }
}
