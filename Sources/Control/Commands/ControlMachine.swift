import Swarm
package import Vocabulary
import Wire

/// Takes the commands of users and gives their answers: a machine without sockets.
///
/// Each client asks one thing at a time. Invariant: a client that waits is in exactly one row.
package struct ControlMachine: Sendable {
    package struct Surroundings: Sendable {
        /// The path of a shared file.
        package var place: @Sendable (RelativePath) -> String?
        package var sharing: @Sendable () -> SharingState
        package var landing: @Sendable (OrderTicket) -> Landing
        /// Whether a file exists at a path.
        package var isThere: @Sendable (String) -> Bool

        package init(
            place: @escaping @Sendable (RelativePath) -> String?,
            sharing: @escaping @Sendable () -> SharingState,
            landing: @escaping @Sendable (OrderTicket) -> Landing,
            isThere: @escaping @Sendable (String) -> Bool
        ) {
            self.place = place
            self.sharing = sharing
            self.landing = landing
            self.isThere = isThere
        }
    }

    let rank: Rank
    let surroundings: Surroundings
    var outbox = ControlOutbox()
    var questions = QuestionTable()
    var fetches = FetchList()

    /// The time that the tracker has to answer.
    static let patience = Duration.seconds(30)
    package static let fetchesMax = FetchList.rowsMax

    package init(rank: Rank, _ surroundings: Surroundings) {
        self.rank = rank
        self.surroundings = surroundings
    }

    package mutating func takeOutputs() -> [ControlOutput] {
        outbox.take()
    }

    /// Whether a user waits for an answer that may come at any moment.
    package var isExpecting: Bool { !questions.isEmpty || !fetches.isEmpty }

    package mutating func asked(
        _ line: some Collection<UInt8>, by client: ControlClient, now: Tick
    ) {
        do throws(ControlCommandError) {
            begin(try ControlRequest(parsing: line), client, now: now)
        } catch {
            end(client, error.words, isJSON: line.starts(with: "--json".utf8))
        }
    }

    /// A user has hung up and gets no more answers. The requested file is fetched all the same.
    package mutating func left(_ client: ControlClient) {
        questions.left(client)
        fetches.left(client)
    }

    /// The job is over: every waiting user gets that answer.
    package mutating func closed() {
        for question in questions.takeAll() {
            end(question.client, Self.over, isJSON: question.isJSON)
        }
        fetches.closed(Self.over, &outbox)
    }

    private static let over = "the job has ended"

    /// Safe to call early or late.
    package mutating func timeout(now: Tick) {
        for question in questions.expire(now: now) {
            end(question.client, question.silence, isJSON: question.isJSON)
        }
        tryAgain(now: now)
        fetches.look(now: now, &outbox)
    }

    mutating func say(_ answer: Answer, to client: ControlClient, isJSON: Bool) {
        outbox.say(answer, to: client, isJSON: isJSON)
    }

    mutating func end(_ client: ControlClient, _ error: String? = nil, isJSON: Bool) {
        outbox.end(client, error, isJSON: isJSON)
    }
}
