import CommandLine
import Testing

struct QuantityTests {
    @Test(arguments: [
        ("0", 0), ("1", 1), ("4096", 4096), ("64K", 65_536), ("64k", 65_536), ("1M", 1_048_576),
        ("2G", 2_147_483_648), ("1T", 1_099_511_627_776), ("007", 7),
        ("9223372036854775807", Int.max), ("8388607T", 8_388_607 << 40),
    ])
    func sizesAreBinary(text: String, bytes: Int) {
        #expect(Size(text: text)?.bytes == bytes)
    }

    @Test(arguments: [
        "", "K", "-1", "+1", " 1", "1 ", "1 K", "1KB", "1.5M", "0x10", "1e3", "١",
        "9223372036854775808", "8388608T", "99999999999999999999G",
    ])
    func otherTextsAreNoSizes(text: String) {
        #expect(Size(text: text) == nil)
    }

    @Test(arguments: ["0", "1", "1023", "1K", "1025", "64K", "3M", "1536K", "2G", "5T"])
    func aShownSizeReadsBack(text: String) {
        #expect(Size(text: text)?.description == text)
    }

    @Test(arguments: [
        ("0s", Duration.zero), ("50us", .microseconds(50)), ("200ms", .milliseconds(200)),
        ("3s", .seconds(3)), ("2m", .seconds(120)), ("1h", .seconds(3600)),
        ("9223372036s", .seconds(9_223_372_036)),
    ])
    func durationsHaveUnits(text: String, duration: Duration) {
        #expect(Duration(text: text) == duration)
    }

    @Test(arguments: [
        "", "5", "00", "s", "-3s", "+3s", "1.5s", "3 s", "3S", "3sec", "1d",
        "9223372037s", "9223372036854775807h", "9223372036854775808us",
    ])
    func otherTextsAreNoDurations(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test(arguments: ["0s", "1us", "200ms", "1500ms", "3s", "90s", "2m", "1h", "61m"])
    func aShownDurationReadsBack(text: String) {
        #expect(Duration(text: text)?.shortText == text)
    }

    @Test(arguments: [
        ("1", 1), ("400K", 400_000), ("100M", 100_000_000), ("25G", 25_000_000_000),
        ("1T", 1_000_000_000_000), ("409600", 409_600), ("2m", 2_000_000),
        ("400kbit", 400_000), ("100Mbit", 100_000_000), ("25Gbit/s", 25_000_000_000),
        ("8bit", 8), ("12MB/s", 96_000_000), ("12MB", 96_000_000), ("1kB/s", 8000),
        ("3B/s", 24), ("12MiB/s", 100_663_296), ("1KiB", 8192),
    ])
    func ratesAreBitsOrBytesASecond(text: String, bits: Int) {
        #expect(Rate(text: text)?.bitsPerSecond == bits)
        #expect(Rate(text: text)?.bytesPerSecond == Double(bits) / 8)
    }

    @Test func aRateMayHaveNoLimit() {
        #expect(Rate(text: "unlimited") == .unlimited)
        #expect(Rate.unlimited.bytesPerSecond == .infinity)
    }

    @Test(arguments: [
        "", "0", "0G", "G", "-1", "1.5G", "25 G", "25Gb", "25Gb/s", "25Gbps", "25Gi",
        "25Gibit", "25bits", "9223373T", "9223372TB", "MB/s", "1/s", "1b",
    ])
    func otherTextsAreNoRates(text: String) {
        #expect(Rate(text: text) == nil)
    }

    @Test(arguments: [
        "1bit", "999bit", "1kbit", "1500kbit", "100Mbit", "25Gbit", "2Tbit", "unlimited",
    ])
    func aShownRateReadsBack(text: String) {
        #expect(Rate(text: text)?.description == text)
    }

    @Test(arguments: [("1", 1...1), ("5", 1...5), ("17..17", 17...17), ("3..200", 3...200)])
    func seedsAreANumberOrARange(text: String, range: ClosedRange<Int>) {
        #expect(SeedRange(text: text)?.range == range)
        #expect(SeedRange(text: text)?.description == text)
    }

    @Test(arguments: ["", "0", "-1", "5..", "..5", "5..4", "0..3", "1...3", "1.3", "1..3..5", "a"])
    func otherTextsAreNoSeeds(text: String) {
        #expect(SeedRange(text: text) == nil)
    }
}
