/// The faults that may strike in a run; none by default. The seed decides which of the kinds
/// strike, which ranks and when: each run has some of them, and none of the others.
package struct Faults: Sendable {
    package var kinds: [FaultKind] = []

    package init(_ kinds: [FaultKind] = []) { self.kinds = kinds }

    package static let all = Faults(FaultKind.allCases)

    package var isNone: Bool { kinds.isEmpty }
}
