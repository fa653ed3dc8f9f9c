import Node
import Simulation
import Swarm
import Vocabulary

// Runs one job; options are words like `peers=100 pieces=400 up=1e6 seed=2`.
// `bare=N` measures N messages over the network alone.
var options = SimulationOptions()
var campaignSeeds = 0
var traced: Rank?
var isDrawn = false
for word in CommandLine.arguments.dropFirst() {
    let parts = word.split(separator: "=")
    guard parts.count == 2, let number = Double(parts[1]) else {
        fatalError("\(word) is not name=number")
    }
    switch parts[0] {
    case "bare":
        for ranks in [16, 1000, 10_000] {
            let cost = Bare(ranks: ranks, messages: Int(number)).run(byteCount: 60)
            print("\(ranks) ranks: \(cost) ns per message")
        }
    case "faults": options.faults = number > 0 ? .all : Faults()
    case "only":
        let kinds = FaultKind.allCases
        options.faults = number >= 0 ? Faults([kinds[Int(number)]]) : Faults()
    case "but":
        options.faults = Faults(FaultKind.allCases.filter { $0.rawValue != Int(number) })
    case "trace": traced = Rank(Int32(number))
    // The job that a campaign draws for the seed.
    case "drawn": isDrawn = number > 0
    // The number of ranks that write.
    case "collect":
        options.kind = .staged
        options.collected = CollectedOptions()
        options.collected?.writersMax = Int(number)
    case "sources": options.sources = Int(number)
    case "campaign": campaignSeeds = Int(number)
    case "peers": options.peers = Int(number)
    case "pieces": options.pieces = Int(number)
    case "length": options.pieceLength = Int(number)
    case "up": options.peerUp = number
    case "down": options.peerDown = number
    case "sourceUp": options.sourceUp = number
    case "latency": options.latency.base = .nanoseconds(Int64(number * 1000))
    case "classes": options.latency.classes = Int(number)
    case "degree": options.degree = Int(number)
    case "active": options.sendsActiveMax = Int(number)
    case "join": options.joinRate = number
    case "seed": options.seed = UInt64(number)
    case "limit": options.limit = .seconds(number)
    case "smart": options.offersWhatItOwns = number > 0
    case "check": options.checksInvariants = number > 0
    case "serving": options.serving = Serving.allCases[Int(number)]
    default: fatalError("no option \(parts[0])")
    }
}
if campaignSeeds > 0 {
    var campaign = Campaign(CampaignShape(options, drawn: []))
    for seed in 1...UInt64(campaignSeeds) {
        guard let job = campaign.job(seed) else { fatalError("no such content") }
        _ = campaign.run(job)
    }
    for failure in campaign.failures {
        print("seed \(failure.seed): missing \(failure.missing), \(failure.violations)")
    }
    for count in campaign.faults + campaign.branches { print("\(count.name): \(count.total)") }
    print("runs \(campaign.runCount), failures \(campaign.failures.count)")
}
if isDrawn {
    options.faults = .all
    let all = CampaignShape.Drawn.all
    let drawn = options.collected == nil ? all : all.subtracting(.kind)
    options = CampaignShape(options, drawn: drawn).options(of: options.seed)
}
let trace = Trace { print($0, terminator: "") }
guard let job = SimulatedJob(options, traced: traced, trace: trace) else {
    fatalError("no such content")
}
let clock = ContinuousClock()
let start = clock.now
let isOver = job.run()
let wall = (clock.now - start).inSeconds
let outcome = job.outcome
let messages = outcome.counts.messages
print("faults \(job.faultKinds)")
print("missing \(outcome.missing) false \(outcome.falseServings)")
print("over \(isOver) complete \(outcome.isComplete) end \(outcome.end.nanoseconds / 1000) us")
print("last \((outcome.last - .zero).inSeconds) s, / bound \(outcome.lastOverBound)")
print("mean \(outcome.meanSeconds) s, bound \(outcome.bound.all.inSeconds) s")
print("utilisation \(outcome.utilisation), source served \(outcome.sourceServed)")
print("duplicates \(outcome.counts.duplicateBytes), dropped \(outcome.counts.dropped)")
let pieces = Double(options.peers * options.pieces)
print("messages \(messages), per piece \(Double(messages) / pieces)")
print("payloads \(outcome.counts.payloads), bytes of messages \(outcome.counts.messageBytes)")
for kind in outcome.counts.messagesByKind.indices where outcome.counts.messagesByKind[kind] > 0 {
    print("  kind \(kind): \(outcome.counts.messagesByKind[kind])")
}
let totals = outcome.totals
print("events \(totals.eventCount), steps \(totals.stepCount), levels \(totals.linkUpdates)")
print("wall \(wall) s, \(Double(totals.eventCount) / wall) events/s")
print("hurried alarms \(outcome.counts.hurriedAlarms)")
print("peak slots \(outcome.counts.peakSlots), fingerprint \(outcome.fingerprint)")
for row in job.warnings.rows.prefix(5) { print("warning \(row.warning)") }
