import Testing

@testable import Storage

/// Destinations in memory.
struct MemoryDiskTests {
    @Test func theMemoryOfTheNodeIsRead() {
        let text = "MemTotal:       16000000 kB\nMemFree: 5 kB\nMemAvailable:    9000000 kB\n"
        #expect(MemoryDisk.available(inMeminfo: text) == 9_216_000_000)
        #expect(MemoryDisk.available(inMeminfo: "MemTotal: 5 kB\n") == nil)
        #expect(MemoryDisk.available(inMeminfo: "MemAvailable: x kB\n") == nil)
    }

    @Test func theGroupOfVersionTwoIsFound() {
        #expect(MemoryDisk.group(in: "1:cpu:/a\n0::/slurm/job_7\n") == "/slurm/job_7")
        #expect(MemoryDisk.group(in: "4:memory:/a\n") == nil)
    }

    @Test func memoryIsDistinguishedFromDisks() {
        #expect(MemoryDisk.holds(path: "/dev/shm"))
        #expect(MemoryDisk.holds(path: "/dev/shm/not/there"))
        #expect(!MemoryDisk.holds(path: "/proc/self"))
        #expect(!MemoryDisk.holds(path: ""))
        #expect(MemoryDisk.available().map { $0 > 0 } == true)
    }
}
