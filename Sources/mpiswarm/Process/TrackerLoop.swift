import Launch
import MPITransport
import Node
import Swarm
import Vocabulary

/// The work of a tracker, from its first step until it has left the network.
///
/// Of several trackers only the root reports; when it is lost, the next tracker does.
struct TrackerLoop {
    let ending: JobEnding
    let deaths: DeathWatch
    let clock: ProcessClock
    /// The longest sleep where nothing is expected.
    var idling = idleRest

    /// Tracks while `goesOn`. Returns the exit status, or nil if another rank tracks from now on.
    func run(
        _ tracker: consuming TrackerNode<MPIEndpoint>, _ reporter: consuming some JobReporter,
        while goesOn: () -> Bool = { true }
    ) -> Int32? {
        var node = tracker
        var reporter = reporter
        var dead = DeathNotes(deaths)
        var backoff = Backoff()
        var isCounting = false
        var isNeeded = true
        while !node.isOver, isNeeded {
            if dead.report(to: &node, now: clock.now) { backoff.reset() }
            if node.step(now: clock.now) { backoff.reset() }
            for warning in node.takeWarnings() { reporter.warn(warning) }
            if node.machine.isRoot, !isCounting {
                isCounting = true
                ending.count()
            }
            if isCounting { ending.follow(node.machine.stage) }
            ending.answer { reporter.interruptedWords(node.machine.accounts) }
            reporter.follow(&node, now: clock.now)
            isNeeded = goesOn()
            rest(&backoff, of: node, idling: idling, now: clock.now)
        }
        let status = isNeeded ? conclude(node.machine, &reporter) : nil
        if !isNeeded { ending.passOn() }
        var left = node.leave()
        close(&left, by: clock)
        return status
    }

    private func conclude(
        _ tracker: borrowing Tracker, _ reporter: inout some JobReporter
    ) -> Int32 {
        let reports = tracker.isRoot
        ending.conclude(reports ? tracker.accounts : [])
        return reports ? reporter.report(tracker) : 0
    }
}

/// Leaves the network, after a limited wait for messages to dead ranks.
func close(_ network: inout MPIEndpoint, by clock: ProcessClock) {
    let end = clock.now + leavePatience
    network.close(while: {
        rest(.microseconds(200))
        return clock.now < end
    })
}
