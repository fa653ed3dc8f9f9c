package import Swarm
package import Vocabulary
import Wire

/// Takes the commands of users and gives their answers: a machine without sockets.
///
/// Each client asks one thing at a time. Invariant: a client that waits is in exactly one row.
package struct ControlDesk: Sendable {
    /// A question that another machine answers.
    struct Question: Sendable {
        let client: ControlClient
        let isJSON: Bool
        let command: ControlCommand
        let end: Tick
        /// The description of the file to fetch, if it was asked for by a description.
        var described: Description?
        /// The name that the file gets, if the question has none.
        var name: RelativePath?
        /// Whether all ranks had announced their files before the question.
        var isLastTry = false
        /// The error, unless some ranks may still announce the file.
        var error: String?
        /// The contents that the name may mean, if one rank was requested; the last one is asked
        /// for next.
        var candidates: [ContentID] = []
    }

    /// The entry of a torrent, a seed file or a manifest for a file.
    struct Description: Sendable {
        let size: ByteCount
        /// The content of a manifest; none for a torrent or seed file.
        let content: ContentID
    }

    /// A file that is being fetched.
    struct Fetch: Sendable {
        let request: GetRequest
        /// Nil until the list of all files has decided the content.
        var choice: GetOrder.Choice?
        /// Nil if no user waits, or if the waiting user has hung up.
        var client: ControlClient?
        let isJSON: Bool
        let begun: Tick
        var status: TransferStatus?
        var doubt = Doubt.none
        /// Whether all ranks had announced their files before the request.
        var isLastTry = false
        /// The ranks that may still announce the file, as last reported to the user.
        var delay: AnnouncementDelay?
        var toldDelay: AnnouncementDelay?
        /// The name that the file gets: the one in the request, in the description, or at one of
        /// its owners.
        var name: RelativePath?
        /// Further candidates, the next one last, and the number of those fetched.
        var candidates: [ContentID] = []
        var triedCount = 1
    }

    /// The state of a file that no known rank owns: a rank that still looks at its folders, or
    /// reads the file, may own it.
    enum Doubt: Equatable, Sendable {
        case none
        /// The list of ranks that still look or read is requested.
        case asksRoll
        /// The list of files that are being read is requested.
        case asksCatalog
        case waits(until: Tick)
    }

    /// A user that waits for later fetches.
    struct Waiter: Sendable {
        let client: ControlClient
        let isJSON: Bool
        let name: RelativePath?
    }

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
    var outputs: [ControlOutput] = []
    var questions: [OrderTicket: Question] = [:]
    var fetches: [OrderTicket: Fetch] = [:]
    var waiters: [Waiter] = []
    /// The later fetches that have ended and that no user has waited for yet, the newest last.
    var ended: [(name: String, line: Answer, error: String?)] = []
    var fetched: [RelativePath: String] = [:]
    var nextTicket: UInt64 = 1
    var nextLook = Tick.never
    /// The question about progress that is under way.
    var lookTicket: OrderTicket?

    /// The time that the tracker has to answer.
    static let patience = Duration.seconds(30)
    static let lookInterval = Duration.milliseconds(250)
    /// The interval at which the desk asks again for a file that may still be announced.
    static let doubtInterval = Duration.milliseconds(500)
    static let endedMax = 10_000
    package static let fetchesMax = 10_000

    package init(rank: Rank, _ surroundings: Surroundings) {
        self.rank = rank
        self.surroundings = surroundings
    }

    package mutating func takeOutputs() -> [ControlOutput] {
        defer { outputs = [] }
        return outputs
    }

    /// Whether a user waits for an answer that may come at any moment.
    package var isExpecting: Bool { !questions.isEmpty || !fetches.isEmpty }

    package mutating func asked(
        _ line: some Collection<UInt8>, by client: ControlClient, now: Tick
    ) {
        do throws(ControlFlaw) {
            begin(try ControlRequest(parsing: line), client, now: now)
        } catch {
            end(client, error.words, isJSON: line.starts(with: "--json".utf8))
        }
    }

    /// A user has hung up and gets no more answers. The requested file is fetched all the same.
    package mutating func left(_ client: ControlClient) {
        for (ticket, question) in questions where question.client == client {
            questions[ticket] = nil
        }
        for (ticket, fetch) in fetches where fetch.client == client {
            fetches[ticket]?.client = nil
        }
        waiters.removeAll { $0.client == client }
    }

    /// The job is over: every waiting user gets that answer.
    package mutating func closed() {
        for (_, question) in questions { end(question.client, Self.over, isJSON: question.isJSON) }
        for (_, fetch) in fetches {
            if let client = fetch.client { end(client, Self.over, isJSON: fetch.isJSON) }
        }
        for waiter in waiters { end(waiter.client, Self.over, isJSON: waiter.isJSON) }
        questions = [:]
        fetches = [:]
        waiters = []
    }

    private static let over = "the job has ended"

    /// Safe to call early or late.
    package mutating func timeout(now: Tick) {
        for (ticket, question) in questions where question.end <= now {
            questions[ticket] = nil
            end(question.client, question.silence, isJSON: question.isJSON)
        }
        tryAgain(now: now)
        guard nextLook <= now, lookTicket == nil else { return }
        nextLook = .never
        guard fetches.values.contains(where: { $0.client != nil && $0.request.tellsProgress })
        else { return }
        let ticket = ticket()
        lookTicket = ticket
        outputs.append(.order(.status(ticket)))
    }

    mutating func ticket() -> OrderTicket {
        defer { nextTicket += 1 }
        return OrderTicket(nextTicket)
    }

    mutating func say(_ answer: Answer, to client: ControlClient, isJSON: Bool) {
        outputs.append(.say(answer.line(isJSON: isJSON), to: client))
    }

    mutating func end(_ client: ControlClient, _ error: String? = nil, isJSON: Bool) {
        outputs.append(.say(Answer.end(error, isJSON: isJSON), to: client))
        outputs.append(.ready(client))
    }
}
