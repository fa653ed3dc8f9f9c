/// The differences of one copy: the number of each kind, and the first of them by name.
///
/// Invariant: there are no more names than differences.
package struct DifferenceList: Equatable, Sendable {
    /// By raw value of the kind.
    private var counts = [UInt64](repeating: 0, count: Difference.Kind.allCases.count)
    package private(set) var named: [Difference] = []

    /// The names of one copy. A user who wants all of more than these compares the files by hand.
    package static let namedMax = 1000

    package init() {}

    package subscript(kind: Difference.Kind) -> UInt64 { counts[Int(kind.rawValue)] }

    package var isEmpty: Bool { counts.allSatisfy { $0 == 0 } }

    package var total: UInt64 { counts.reduce(0, &+) }

    package mutating func add(_ difference: Difference) {
        counts[Int(difference.kind.rawValue)] += 1
        name(difference)
    }

    /// What could not be removed, or stays, needs a user, and takes the place of another name.
    private mutating func name(_ difference: Difference) {
        if named.count == Self.namedMax {
            guard difference.kind.needsUser,
                let last = named.lastIndex(where: { !$0.kind.needsUser })
            else { return }
            named.remove(at: last)
        }
        named.append(difference)
    }

    /// The lists of several contents are about different entries.
    package mutating func add(_ other: DifferenceList) {
        for kind in Difference.Kind.allCases { counts[Int(kind.rawValue)] &+= other[kind] }
        for difference in other.named { name(difference) }
    }

    /// For lists that arrive in parts: a number that a peer reports replaces the former one.
    package mutating func note(_ count: UInt64, of kind: Difference.Kind) {
        counts[Int(kind.rawValue)] = count
    }

    /// Returns false for a name that is one too many.
    package mutating func note(named difference: Difference) -> Bool {
        guard named.count < min(total, UInt64(Self.namedMax)) else { return false }
        named.append(difference)
        return true
    }
}

extension Difference.Kind {
    fileprivate var needsUser: Bool { self == .stuck || self == .kept }
}
