/// A moment on the caller's clock, in nanoseconds from an origin that the caller chooses. The
/// machines never read a clock, so a simulated second and a real one look alike to them.
package struct Tick: Hashable, Comparable, Sendable {
    package let nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    package static let zero = Tick(nanoseconds: 0)
    package static let never = Tick(nanoseconds: .max)

    package static func < (a: Tick, b: Tick) -> Bool { a.nanoseconds < b.nanoseconds }

    // Those that `Comparable` would derive are generic, and other modules would call them, and `<`
    // from there, through tables of witnesses.
    package static func <= (a: Tick, b: Tick) -> Bool { a.nanoseconds <= b.nanoseconds }
    package static func > (a: Tick, b: Tick) -> Bool { a.nanoseconds > b.nanoseconds }
    package static func >= (a: Tick, b: Tick) -> Bool { a.nanoseconds >= b.nanoseconds }

    package static func + (tick: Tick, wait: Duration) -> Tick {
        Tick(nanoseconds: tick.nanoseconds + wait.wholeNanoseconds)
    }

    /// The time from `earlier` to `later`; zero when `later` comes first.
    package static func - (later: Tick, earlier: Tick) -> Duration {
        guard later > earlier else { return .zero }
        return .nanoseconds(Int64(later.nanoseconds - earlier.nanoseconds))
    }
}

extension Duration {
    /// Nanoseconds; zero for a negative duration.
    package var wholeNanoseconds: UInt64 {
        let attoseconds = attoseconds
        guard attoseconds >= 0 else { return 0 }
        // Almost all are short, and a division of 128 bits takes long.
        guard attoseconds > Int128(UInt64.max) else {
            return UInt64(truncatingIfNeeded: attoseconds) / 1_000_000_000
        }
        return UInt64(attoseconds / 1_000_000_000)
    }

    // Those of the standard library are generic, and are called through tables of witnesses.
    package static func * (time: Duration, count: Int) -> Duration {
        Duration(attoseconds: time.attoseconds * Int128(count))
    }
    package static func / (time: Duration, count: Int) -> Duration {
        Duration(attoseconds: time.attoseconds / Int128(count))
    }

    package var inSeconds: Double { Double(wholeNanoseconds) / 1e9 }
}
