import Swarm
import Vocabulary
import Wire

/// Turns commands of users into actions.
extension ControlMachine {
    mutating func begin(_ request: ControlRequest, _ client: ControlClient, now: Tick) {
        let isJSON = request.wantsJSON
        switch request.command {
        case .list, .listDigests, .query: put({ .catalog($0) }, request, client, now)
        case .peers: put({ .roll($0, of: .none) }, request, client, now)
        case .holders(.content(let content)):
            put({ .roll($0, of: content) }, request, client, now)
        case .holders(.name): put({ .catalog($0) }, request, client, now)
        case .chunks(.name, _): put({ .catalog($0) }, request, client, now)
        case .chunks(.content(let content), _):
            askChunks(of: content, question(request, client, until: now + Self.patience))
        case .status: put({ .status($0) }, request, client, now)
        case .join: put({ .join($0) }, request, client, now)
        case .leave: put({ .leave($0) }, request, client, now)
        case .shutdown:
            outbox.append(.order(.shutdown))
            end(client, isJSON: isJSON)
        case .help:
            for (spelling, text) in ControlCommand.all {
                let line = Answer(("command", .text(spelling)), ("text", .text(text)))
                say(line, to: client, isJSON: isJSON)
            }
            end(client, isJSON: isJSON)
        case .exit:
            end(client, isJSON: isJSON)
            outbox.append(.hangUp(client))
        case .locate(let name): locate(name, client, isJSON)
        case .share(let path):
            questions.ask(question(request, client), &outbox) { .share(path, $0) }
        case .unshare(let name):
            questions.ask(question(request, client), &outbox) {
                .unshare(name.description, $0)
            }
        case .wait(let name):
            let waiter = FetchList.Waiter(client: client, isJSON: isJSON, name: name)
            fetches.wait(waiter, &outbox)
        case .export(let name, let file): export(name, to: file, request, client)
        case .get(let order):
            if case .choice(let choice) = order.target, !order.isFoundInList {
                fetch(choice, order, client, isJSON, now: now)
            } else {
                lookUp(order, client, isJSON: isJSON, isLastTry: false, now: now)
            }
        }
    }

    /// Looks for the file in the list of all files.
    mutating func lookUp(
        _ request: GetRequest, _ client: ControlClient, isJSON: Bool, isLastTry: Bool, now: Tick
    ) {
        var question = Question(
            client: client, isJSON: isJSON, command: .get(request), end: now + Self.patience)
        question.isLastTry = isLastTry
        guard case .described(let path) = request.target else {
            return questions.order(question, &outbox) { .catalog($0) }
        }
        questions.ask(question, &outbox) { .describe(path, $0) }
    }

    /// A question for which whole files are read first has no deadline.
    private func question(
        _ request: ControlRequest, _ client: ControlClient, until end: Tick = .never
    ) -> Question {
        Question(client: client, isJSON: request.wantsJSON, command: request.command, end: end)
    }

    private mutating func export(
        _ name: RelativePath, to file: String, _ request: ControlRequest, _ client: ControlClient
    ) {
        guard let path = place(of: name) else {
            return end(client, Self.notHere(name), isJSON: request.wantsJSON)
        }
        questions.ask(question(request, client), &outbox) { .export(path, to: file, $0) }
    }

    private func place(of name: RelativePath) -> String? {
        if let path = surroundings.place(name) { return path }
        // The file was fetched to a folder that is not watched.
        return fetches.path(of: name).flatMap { surroundings.isThere($0) ? $0 : nil }
    }

    private static func notHere(_ name: RelativePath) -> String {
        "\(name) is not here; get it first"
    }

    /// The content of the name is known; now the machine asks for its holders.
    mutating func askHolders(_ content: ContentID, _ question: Question) {
        questions.order(question, &outbox) { .roll($0, of: content) }
    }

    /// Fetches the content of a name, or a content under one of its names.
    mutating func fetchChosen(
        from entries: [CatalogEntry], _ request: GetRequest, _ question: Question, now: Tick
    ) {
        guard case .choice(let choice) = request.target else { return }
        var question = question
        var contents: [ContentID]
        switch choice {
        case .name(let name):
            contents = entries.filter { $0.name == name && $0.seeds > 0 }.map(\.content)
        case .content(let content):
            let found = entries.filter { $0.content == content && $0.seeds > 0 }
            contents = found.isEmpty ? [] : [content]
            question.name = found.map(\.name).min()
        }
        contents.sort { $1 < $0 }
        fetchFirst(of: contents, request, question, now: now)
    }

    /// Fetches the first of these contents that the requested rank has.
    mutating func fetchFirst(
        of candidates: [ContentID], _ request: GetRequest, _ question: Question, now: Tick
    ) {
        guard let next = candidates.last else {
            return doubt(
                question, "\(request.what): \(FailureReason.notThere.words)", now: now)
        }
        guard request.source != nil else {
            return fetch(next, besides: candidates.dropLast(), question, request, now: now)
        }
        var question = question
        question.candidates = candidates
        askHolders(next, question)
    }

    private mutating func put(
        _ order: (OrderTicket) -> LiveOrder, _ request: ControlRequest, _ client: ControlClient,
        _ now: Tick
    ) {
        let question = question(request, client, until: now + Self.patience)
        questions.order(question, &outbox, order)
    }

    private mutating func locate(
        _ name: RelativePath, _ client: ControlClient, _ isJSON: Bool
    ) {
        guard let path = place(of: name) else {
            return end(client, Self.notHere(name), isJSON: isJSON)
        }
        say(Answer(("path", .text(path))), to: client, isJSON: isJSON)
        end(client, isJSON: isJSON)
    }

    /// Fetches a content from the list of all files. If it has to match a description, others may
    /// be tried.
    mutating func fetch(
        _ content: ContentID, besides others: ArraySlice<ContentID>, _ question: Question,
        _ request: GetRequest, now: Tick
    ) {
        fetch(.content(content), request, question.client, question.isJSON, now: now) { fetch in
            fetch.name = question.name ?? request.name
            if question.described != nil { fetch.candidates = Array(others) }
        }
    }

    mutating func fetch(
        _ choice: GetOrder.Choice, _ request: GetRequest, _ client: ControlClient,
        _ isJSON: Bool, now: Tick, _ change: (inout FetchList.Row) -> Void = { _ in }
    ) {
        guard fetches.rows.count < Self.fetchesMax else {
            return end(client, "\(Self.fetchesMax) files are being fetched", isJSON: isJSON)
        }
        var fetch = FetchList.Row(
            request: request, choice: choice, client: request.isLater ? nil : client,
            isJSON: isJSON, begun: now)
        fetch.name = request.name
        change(&fetch)
        fetches.begin(fetch, now: now, &outbox)
        if request.isLater { end(client, isJSON: isJSON) }
    }
}
