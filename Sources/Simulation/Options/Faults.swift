/// What may go wrong in a run. As it stands: nothing. Which of the kinds do, whom they strike and
/// when is the seed's affair: each run takes a part of them, and of the others nothing at all.
package struct Faults: Sendable {
    package var kinds: [FaultKind] = []

    package init(_ kinds: [FaultKind] = []) { self.kinds = kinds }

    package static let all = Faults(FaultKind.allCases)

    package var isNone: Bool { kinds.isEmpty }
}
