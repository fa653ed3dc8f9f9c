import Swarm
import Vocabulary
import Wire

/// From a command to what is to be done about it.
extension ControlDesk {
    mutating func begin(_ request: ControlRequest, _ client: ControlClient, now: Tick) {
        let isJSON = request.wantsJSON
        switch request.command {
        case .list, .query: put({ .catalog($0) }, request, client, now)
        case .peers: put({ .roll($0, of: .none) }, request, client, now)
        case .status: put({ .status($0) }, request, client, now)
        case .join: put({ .join($0) }, request, client, now)
        case .leave: put({ .leave($0) }, request, client, now)
        case .shutdown:
            outputs.append(.order(.shutdown))
            end(client, isJSON: isJSON)
        case .help:
            for (spelling, text) in ControlCommand.all {
                let line = Answer(("command", .text(spelling)), ("text", .text(text)))
                say(line, to: client, isJSON: isJSON)
            }
            end(client, isJSON: isJSON)
        case .exit:
            end(client, isJSON: isJSON)
            outputs.append(.hangUp(client))
        case .locate(let name): locate(name, client, isJSON)
        case .share(let path):
            outputs.append(.share(path, question(request, client, now)))
        case .unshare(let name):
            outputs.append(.unshare(name.description, question(request, client, now)))
        case .wait(let name):
            waiters.append(Waiter(client: client, isJSON: isJSON, name: name))
            answerWaiters()
        case .get(let order): fetch(order, client, isJSON, now: now)
        }
    }

    private mutating func question(
        _ request: ControlRequest, _ client: ControlClient, _ now: Tick
    ) -> OrderTicket {
        let ticket = ticket()
        questions[ticket] = Question(
            client: client, isJSON: request.wantsJSON, command: request.command,
            end: now + Self.patience)
        return ticket
    }

    private mutating func put(
        _ order: (OrderTicket) -> LiveOrder, _ request: ControlRequest, _ client: ControlClient,
        _ now: Tick
    ) {
        outputs.append(.order(order(question(request, client, now))))
    }

    private mutating func locate(
        _ name: RelativePath, _ client: ControlClient, _ isJSON: Bool
    ) {
        guard let path = surroundings.place(name) ?? fetched[name] else {
            return end(client, "\(name) is not here; get it first", isJSON: isJSON)
        }
        say(Answer(("path", .text(path))), to: client, isJSON: isJSON)
        end(client, isJSON: isJSON)
    }

    private mutating func fetch(
        _ request: GetRequest, _ client: ControlClient, _ isJSON: Bool, now: Tick
    ) {
        guard fetches.count < Self.fetchesMax else {
            return end(client, "\(Self.fetchesMax) files are being fetched", isJSON: isJSON)
        }
        let ticket = ticket()
        fetches[ticket] = Fetch(
            request: request, client: request.isLater ? nil : client, isJSON: isJSON, begun: now)
        outputs.append(.expect(ticket, at: request.path))
        let order = GetOrder(ticket: ticket, choice: request.choice, source: request.source)
        outputs.append(.order(.get(order)))
        if request.tellsProgress { nextLook = min(nextLook, now + Self.lookInterval) }
        if request.isLater { end(client, isJSON: isJSON) }
    }

    /// Who waits for what is fetched later is answered when nothing of it is under way.
    mutating func answerWaiters() {
        var waiting: [Waiter] = []
        for waiter in waiters {
            let name = waiter.name?.description
            guard
                !fetches.values.contains(where: {
                    $0.request.isLater && (name == nil || $0.request.what == name)
                })
            else {
                waiting.append(waiter)
                continue
            }
            var error: String?
            for item in ended where name == nil || item.name == name {
                say(item.line, to: waiter.client, isJSON: waiter.isJSON)
                error = error ?? item.error
            }
            ended.removeAll { name == nil || $0.name == name }
            end(waiter.client, error, isJSON: waiter.isJSON)
        }
        waiters = waiting
    }
}
