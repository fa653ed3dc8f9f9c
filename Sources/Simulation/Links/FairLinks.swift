package import Vocabulary

/// Uplinks and downlinks whose flows share them max-min fairly.
///
/// Every constraint keeps its level (see `LinkConstraint`); a flow's rate is the lower of its two
/// levels. When a flow starts or ends, only the levels that may differ are computed again, each
/// exactly, until none changes by more than `tolerance`. At that point every flow that is limited
/// is limited by a full constraint in which no flow gets more, which is the definition of max-min
/// fair. The point is reached, because the constraint with the lowest fair share settles first,
/// then the next. The cost of a node whose flows are limited only by its own link grows with their
/// number.
///
/// `updatesMax` bounds the work for one change: constraints that are left over stay dirty, and the
/// next change begins with them.
package struct FairLinks {
    private let tolerance: Double
    private let updatesMax: Int
    /// The uplink and downlink of each node in turn.
    var constraints: [LinkConstraint] = []
    var flows: [Flow] = []
    private var freeFlows: [UInt32] = []
    private var dirty: [Int32] = []
    private var dirtyFirst = 0
    /// The number of times that a level was computed.
    package private(set) var updateCount: UInt64 = 0
    /// Flows whose rates have changed since the caller last took them.
    package private(set) var touched: [FlowNumber] = []
    package private(set) var liveCount = 0

    /// `up` and `down` are bytes per second, infinite for no limit.
    package init(up: [Double], down: [Double], tolerance: Double = 1e-9, updatesMax: Int = .max) {
        precondition(up.count == down.count, "a node has two directions")
        self.tolerance = tolerance
        self.updatesMax = updatesMax
        for node in up.indices {
            constraints.append(LinkConstraint(capacity: up[node] / 1e9))
            constraints.append(LinkConstraint(capacity: down[node] / 1e9))
        }
    }

    /// Whether bytes between these nodes take no time.
    package func isUnlimited(from source: Int, to destination: Int) -> Bool {
        constraints[2 * source].capacity == .infinity
            && constraints[2 * destination + 1].capacity == .infinity
    }

    /// Starts a flow. At least one of the two links must have a limit.
    package mutating func start(
        from source: Int, to destination: Int, byteCount: Int, now: Tick
    ) -> FlowNumber {
        precondition(!isUnlimited(from: source, to: destination), "a flow without a limit")
        let up = Int32(2 * source)
        let down = Int32(2 * destination + 1)
        let number = add(up, down, byteCount: byteCount, now: now)
        if constraints[Int(up)].level < .infinity { markDirty(up) }
        if constraints[Int(down)].level < .infinity { markDirty(down) }
        // If neither link was full, this flow may fill one.
        let fills = constraints[Int(up)].capacity < .infinity ? up : down
        if constraints[Int(up)].level == .infinity, constraints[Int(down)].level == .infinity {
            markDirty(fills)
        }
        settle(now: now.nanoseconds)
        let rate = min(constraints[Int(up)].level, constraints[Int(down)].level)
        if rate < .infinity {
            setRate(Int(number), rate, now: now.nanoseconds)
            markIfOver(Int(up))
            markIfOver(Int(down))
        } else {
            markDirty(fills)
        }
        settle(now: now.nanoseconds)
        return FlowNumber(number)
    }

    /// Ends a flow, or breaks it off. Returns the number of bytes that had not arrived.
    @discardableResult
    package mutating func end(_ number: FlowNumber, now: Tick) -> Double {
        let flow = Int(number.raw)
        setRate(flow, 0, now: now.nanoseconds)
        remove(flow)
        for constraint in [flows[flow].up, flows[flow].down] {
            if constraints[Int(constraint)].count == 0 { constraints[Int(constraint)].load = 0 }
            if constraints[Int(constraint)].level < .infinity { markDirty(constraint) }
        }
        freeFlows.append(number.raw)
        settle(now: now.nanoseconds)
        return max(0, flows[flow].remaining)
    }

    /// Changes the capacities of a node's links, in bytes per second.
    package mutating func setCapacity(of node: Int, up: Double, down: Double, now: Tick) {
        for (constraint, capacity) in [(2 * node, up), (2 * node + 1, down)] {
            constraints[constraint].capacity = capacity / 1e9
            markDirty(Int32(constraint))
        }
        settle(now: now.nanoseconds)
    }

    mutating func takeTouched() -> FlowNumber? { touched.popLast() }

    /// Computes the next dirty levels, at most `updatesMax` of them.
    private mutating func settle(now: UInt64) {
        var updates = 0
        while dirtyFirst < dirty.count, updates < updatesMax {
            let constraint = dirty[dirtyFirst]
            dirtyFirst += 1
            updates += 1
            constraints[Int(constraint)].isDirty = false
            update(constraint, now: now)
        }
        updateCount += UInt64(updates)
        if dirtyFirst == dirty.count {
            dirty.removeAll(keepingCapacity: true)
            dirtyFirst = 0
        } else if dirtyFirst > 4096, dirtyFirst * 2 > dirty.count {
            dirty.removeFirst(dirtyFirst)
            dirtyFirst = 0
        }
    }

    private mutating func update(_ constraint: Int32, now: UInt64) {
        let old = constraints[Int(constraint)].level
        let level = solvedLevel(of: constraint)
        guard !isClose(old, level) else { return }
        constraints[Int(constraint)].level = level
        var place = constraints[Int(constraint)].first
        while place >= 0 {
            let flow = Int(place)
            place = flows[flow].next(in: constraint)
            let other = flows[flow].other(than: constraint)
            let limit = constraints[other].level
            let rate = min(level, limit)
            // Neither end is full. The other constraint is dirty already, or becomes so here.
            guard rate < .infinity else {
                markDirty(Int32(other))
                continue
            }
            guard !isClose(rate, flows[flow].rate) else { continue }
            setRate(flow, rate, now: now)
            if limit < .infinity { markDirty(Int32(other)) } else { markIfOver(other) }
        }
    }

    private mutating func markIfOver(_ constraint: Int) {
        let row = constraints[constraint]
        if row.level == .infinity, row.load > row.capacity * (1 + tolerance) {
            markDirty(Int32(constraint))
        }
    }

    private mutating func markDirty(_ constraint: Int32) {
        guard !constraints[Int(constraint)].isDirty else { return }
        constraints[Int(constraint)].isDirty = true
        dirty.append(constraint)
    }

    private mutating func setRate(_ flow: Int, _ rate: Double, now: UInt64) {
        let old = flows[flow].rate
        flows[flow].remaining -= old * Double(now - flows[flow].updated)
        flows[flow].updated = now
        flows[flow].rate = rate
        constraints[Int(flows[flow].up)].load += rate - old
        constraints[Int(flows[flow].down)].load += rate - old
        if !flows[flow].isTouched {
            flows[flow].isTouched = true
            touched.append(FlowNumber(UInt32(flow)))
        }
    }

    /// The level that follows from the present levels at the flows' other ends.
    private func solvedLevel(of constraint: Int32) -> Double {
        let row = constraints[Int(constraint)]
        guard row.capacity < .infinity, row.count > 0 else { return .infinity }
        var sum = 0.0
        var place = row.first
        while place >= 0, sum <= row.capacity {
            sum += constraints[flows[Int(place)].other(than: constraint)].level
            place = flows[Int(place)].next(in: constraint)
        }
        guard sum > row.capacity else { return .infinity }
        // The flows that are limited elsewhere leave their shares to the others, so the level rises
        // until no further flow is limited elsewhere.
        var level = row.capacity / Double(row.count)
        var free = row.count
        while true {
            var limited = 0.0
            var freeNow: Int32 = 0
            place = row.first
            while place >= 0 {
                let limit = constraints[flows[Int(place)].other(than: constraint)].level
                if limit < level { limited += limit } else { freeNow += 1 }
                place = flows[Int(place)].next(in: constraint)
            }
            guard freeNow > 0 else { return .infinity }
            let next = (row.capacity - limited) / Double(freeNow)
            guard freeNow < free else { return next }
            free = freeNow
            level = next
        }
    }

    @inline(__always)
    private func isClose(_ a: Double, _ b: Double) -> Bool {
        a == b || abs(a - b) <= tolerance * min(a, b)
    }
}

extension FairLinks {
    private mutating func add(
        _ up: Int32, _ down: Int32, byteCount: Int, now: Tick
    ) -> UInt32 {
        let number = freeFlows.popLast() ?? UInt32(flows.count)
        let place = Int(number)
        let generation = place < flows.count ? flows[place].generation &+ 1 : 0
        var flow = Flow(
            up: up, down: down, remaining: Double(byteCount), updated: now.nanoseconds,
            generation: generation)
        flow.nextUp = constraints[Int(up)].first
        flow.nextDown = constraints[Int(down)].first
        if flow.nextUp >= 0 { flows[Int(flow.nextUp)].previousUp = Int32(place) }
        if flow.nextDown >= 0 { flows[Int(flow.nextDown)].previousDown = Int32(place) }
        constraints[Int(up)].first = Int32(place)
        constraints[Int(down)].first = Int32(place)
        constraints[Int(up)].count += 1
        constraints[Int(down)].count += 1
        if place < flows.count {
            // The former flow of that number may still be among the touched ones.
            flow.isTouched = flows[place].isTouched
            flows[place] = flow
        } else {
            flows.append(flow)
        }
        liveCount += 1
        return number
    }

    private mutating func remove(_ place: Int) {
        let flow = flows[place]
        if flow.previousUp >= 0 {
            flows[Int(flow.previousUp)].nextUp = flow.nextUp
        } else {
            constraints[Int(flow.up)].first = flow.nextUp
        }
        if flow.nextUp >= 0 { flows[Int(flow.nextUp)].previousUp = flow.previousUp }
        if flow.previousDown >= 0 {
            flows[Int(flow.previousDown)].nextDown = flow.nextDown
        } else {
            constraints[Int(flow.down)].first = flow.nextDown
        }
        if flow.nextDown >= 0 { flows[Int(flow.nextDown)].previousDown = flow.previousDown }
        constraints[Int(flow.up)].count -= 1
        constraints[Int(flow.down)].count -= 1
        flows[place].isLive = false
        flows[place].generation &+= 1
        liveCount -= 1
    }
}
