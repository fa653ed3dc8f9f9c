import Vocabulary

/// Figures that are computed from the counts of a run.
extension SimulationOutcome {
    /// The time by which this share of all ranks that ever finished had done so.
    package func quantile(_ share: Double) -> Duration {
        let finished = finishedAt.filter { $0 < .never }.sorted()
        guard !finished.isEmpty else { return .zero }
        let place = Int((share * Double(finished.count)).rounded(.up)) - 1
        return finished[min(max(place, 0), finished.count - 1)] - .zero
    }

    /// The time at which the last rank without slow links finished.
    package var lastQuick: Duration {
        let quick = finishedAt.indices.filter { !isSlow[$0] && finishedAt[$0] < .never }
        return (quick.map { finishedAt[$0] }.max() ?? .zero) - .zero
    }

    package var finishedCount: Int { finishedAt.count { $0 < .never } }

    package var receivedBytes: UInt64 { counts.received.reduce(0, +) }

    /// Bytes that the receiver already had, over bytes that were of use.
    package var duplicateShare: Double {
        let useful = receivedBytes - min(receivedBytes, counts.duplicateBytes)
        return useful > 0 ? Double(counts.duplicateBytes) / Double(useful) : 0
    }

    package var messagesPerPiece: Double {
        counts.payloads > 0 ? Double(counts.messages) / Double(counts.payloads) : 0
    }
}
