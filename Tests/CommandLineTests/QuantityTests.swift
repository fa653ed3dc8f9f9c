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
    func whatIsNoSizeIsRefused(text: String) {
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
        "", "5", "0", "s", "-3s", "+3s", "1.5s", "3 s", "3S", "3sec", "1d",
        "9223372037s", "9223372036854775807h", "9223372036854775808us",
    ])
    func whatIsNoDurationIsRefused(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test(arguments: ["0s", "1us", "200ms", "1500ms", "3s", "90s", "2m", "1h", "61m"])
    func aShownDurationReadsBack(text: String) {
        #expect(Duration(text: text)?.shortText == text)
    }
}
