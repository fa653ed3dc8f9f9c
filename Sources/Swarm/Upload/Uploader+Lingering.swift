import Vocabulary

/// Serving while no tracker is left to report that all ranks are done.
extension Uploader {
    mutating func linger(_ isAlone: Bool, now: Tick) {
        isScheduleDue = true
        lingersSince = isAlone ? now : nil
    }

    /// The time at which this rank leaves, unless another rank asks for something first.
    var lingerEnd: Tick? {
        guard let lingersSince else { return nil }
        let isNeeded = audience.contents.contains { $0.neighbours.contains { $0.lacking > 0 } }
        return lingersSince + (isNeeded ? rules.lingerPatience : rules.lingerMin)
    }

    /// Leaves, but not in the middle of a send.
    mutating func linger(now: Tick, _ effects: inout Effects<UploaderEffect>) {
        guard stage == .serving, let end = lingerEnd, end <= now else { return }
        guard dispatch.sends.allSatisfy(\.isStuck) else {
            lingersSince = now
            return
        }
        effects.append(.tell(.stopping))
        leave(&effects)
    }
}
