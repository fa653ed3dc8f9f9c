internal import Glibc

/// Waits as the program does: a brief spin, then sleeps that double.
struct BackOff {
    let sleepMax: UInt32
    private var spins = 0
    private var sleep: UInt32 = 20

    init(sleepMax: UInt32 = 1_000) { self.sleepMax = sleepMax }

    mutating func reset() {
        spins = 0
        sleep = 20
    }

    mutating func wait() {
        spins += 1
        if spins <= 50 { return }
        _ = usleep(sleep)
        sleep = min(sleep * 2, sleepMax)
    }
}
