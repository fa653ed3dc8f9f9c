package import Swarm
package import Vocabulary
import Wire

/// What users ask a rank, and what they are answered: a machine without sockets.
///
/// Each client asks one thing at a time. Invariant: a client that waits is in exactly one row.
package struct ControlDesk: Sendable {
    /// A question that something else answers.
    struct Question: Sendable {
        let client: ControlClient
        let isJSON: Bool
        let command: ControlCommand
        let end: Tick
        /// What is to be fetched, where a file says it.
        var described: Description?
        /// The name that it gets, where the question does not say one.
        var name: RelativePath?
        /// All ranks had announced their files before it was asked.
        var isLastTry = false
        /// Why it comes to nothing, unless some ranks may still announce what is asked for.
        var error: String?
        /// What a name may stand for, where one rank is wished for: the last one is asked after.
        var candidates: [ContentID] = []
    }

    /// What a torrent, a seed file or a manifest says of a file.
    struct Description: Sendable {
        let size: ByteCount
        /// What a manifest stands for; none of the others.
        let content: ContentID
    }

    /// A file that is being fetched.
    struct Fetch: Sendable {
        let request: GetRequest
        /// Nil while the list of all files is to say what it is.
        var choice: GetOrder.Choice?
        /// Nil when nobody waits, or who waited has hung up.
        var client: ControlClient?
        let isJSON: Bool
        let begun: Tick
        var status: TransferStatus?
        var doubt = Doubt.none
        /// All ranks had announced their files before it was asked for.
        var isLastTry = false
        /// The ranks that may still announce it, as they were last, and as its user was told.
        var delay: AnnouncementDelay?
        var toldDelay: AnnouncementDelay?
        /// The name that it gets: the one that it was asked for by, that a file describes, or that
        /// one of its owners calls it by.
        var name: RelativePath?
        /// What else may be what it describes, the next one last, and how many were fetched.
        var candidates: [ContentID] = []
        var triedCount = 1
    }

    /// No rank owns a file, as far as it is known: one that still looks at its folder, or reads the
    /// file, may own it.
    enum Doubt: Equatable, Sendable {
        case none
        /// Asks which ranks still look or read.
        case asksRoll
        /// Asks which files are being read.
        case asksCatalog
        case waits(until: Tick)
    }

    /// Somebody waits for what is fetched later.
    struct Waiter: Sendable {
        let client: ControlClient
        let isJSON: Bool
        let name: RelativePath?
    }

    package struct Surroundings: Sendable {
        /// Where a shared file lies.
        package var place: @Sendable (RelativePath) -> String?
        package var sharing: @Sendable () -> SharingState
        package var landing: @Sendable (OrderTicket) -> Landing
        /// Whether something lies at a path.
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
    /// What was fetched later and nobody has waited for yet, the newest last.
    var ended: [(name: String, line: Answer, error: String?)] = []
    var fetched: [RelativePath: String] = [:]
    var nextTicket: UInt64 = 1
    var nextLook = Tick.never
    /// The question about progress that is under way.
    var lookTicket: OrderTicket?

    /// How long the tracker may take to answer.
    static let patience = Duration.seconds(30)
    static let lookInterval = Duration.milliseconds(250)
    /// When what may still be announced is asked for again.
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

    /// Whether somebody waits for an answer that may come at any moment.
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

    /// Whoever it was hears no more. What it wanted is fetched all the same.
    package mutating func left(_ client: ControlClient) {
        for (ticket, question) in questions where question.client == client {
            questions[ticket] = nil
        }
        for (ticket, fetch) in fetches where fetch.client == client {
            fetches[ticket]?.client = nil
        }
        waiters.removeAll { $0.client == client }
    }

    /// The job is over: whoever waits is told so.
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
