package import Vocabulary

/// The ends of flows, as the caller's event queue sees them.
extension FairLinks {
    /// Returns the next flow that needs an event, with its generation and time; nil where there is
    /// none. A flow that became slower keeps its event, which then comes too early and is scheduled
    /// again: a new event for every change would double the queue.
    package mutating func nextToSchedule() -> (FlowNumber, generation: UInt32, at: Tick)? {
        while let number = takeTouched() {
            let flow = Int(number.raw)
            flows[flow].isTouched = false
            guard flows[flow].isLive else { continue }
            let end = flows[flow].end
            guard end < flows[flow].scheduled else { continue }
            flows[flow].scheduled = end
            flows[flow].generation &+= 1
            return (number, flows[flow].generation, Tick(nanoseconds: end))
        }
        return nil
    }

    /// Decides what an event for a flow means at its time.
    package mutating func verdict(
        _ number: FlowNumber, generation: UInt32, now: Tick
    ) -> FlowVerdict {
        let flow = Int(number.raw)
        guard flows[flow].generation == generation, flows[flow].isLive else { return .stale }
        let end = flows[flow].end
        if end <= now.nanoseconds { return .ended }
        flows[flow].scheduled = end
        return end == .max ? .stale : .early(Tick(nanoseconds: end))
    }

    /// Bytes per second.
    package func rate(of number: FlowNumber) -> Double { flows[Int(number.raw)].rate * 1e9 }

    /// The flows of a node's uplink.
    package func uploads(of node: Int, _ body: (FlowNumber) -> Void) {
        each(of: Int32(2 * node), body)
    }

    /// The flows of a node's downlink.
    package func downloads(of node: Int, _ body: (FlowNumber) -> Void) {
        each(of: Int32(2 * node + 1), body)
    }

    private func each(of constraint: Int32, _ body: (FlowNumber) -> Void) {
        var place = constraints[Int(constraint)].first
        while place >= 0 {
            let flow = place
            place = flows[Int(flow)].next(in: constraint)
            body(FlowNumber(UInt32(flow)))
        }
    }

    package func uploadCount(of node: Int) -> Int { Int(constraints[2 * node].count) }

    package func checkInvariants() {
        for place in constraints.indices {
            var load = 0.0
            var count: Int32 = 0
            each(of: Int32(place)) {
                load += flows[Int($0.raw)].rate
                count += 1
            }
            precondition(count == constraints[place].count, "a list and its count differ")
            let slack = 1e-6 * max(load, constraints[place].load)
            precondition(abs(load - constraints[place].load) <= slack, "the load drifted")
        }
    }
}

extension FairLinks {
    /// Bytes per second.
    package func upCapacity(of node: Int) -> Double { constraints[2 * node].capacity * 1e9 }

    package func downCapacity(of node: Int) -> Double {
        constraints[2 * node + 1].capacity * 1e9
    }
}
