import Glibc
import TestSupport
import Testing

/// Caches that are refused, and those that a job goes on without.
@Suite(.serialized, .waitsForProcesses) struct StageCacheTroubleTests {
    private func place() throws -> StagePlace {
        let place = try StagePlace()
        try place.shell(
            "mkdir t c && head -c 3000000 /dev/urandom > t/x && head -c 70000 t/x > t/y")
        return place
    }

    @Test(arguments: ["777", "720", "link", "file", "full", "much", "0"])
    func anUnfitCacheIsRefusedBeforeAnythingIsMoved(flaw: String) throws {
        let place = try place()
        var cache = "./c/{rank}"
        switch flaw {
        case "link": try place.shell("mkdir elsewhere && ln -s ../elsewhere c/1")
        case "file": try place.shell("echo x > c/1")
        case "full":
            let name = "c/1/files/0123456789abcdef0123456789abcdef"
            try place.shell("mkdir -p c/1/files && echo x > \(name)")
        case "much", "0": cache += ":\(flaw)"
        default: try place.shell("mkdir c/1 && chmod \(flaw) c/1")
        }
        let result = try place.stage(3, "--cache", cache, "./t", "./o/{rank}")
        #expect(result.status == 2)
        #expect(result.lines.count == 1, "\(result.command.errors)")
        let isUsage = cache != "./c/{rank}"
        let words = isUsage ? "is not a value for --cache" : "(rank 1): --cache \(place.path)/c/1: "
        #expect(result.lines.first?.contains(words) == true, "\(result.lines)")
        #expect(try !place.exists("o"))
    }

    @Test(.enabled(if: geteuid() == 0, "needs root")) func thatOfAnotherUserIsRefused() throws {
        let place = try place()
        try place.shell("mkdir c/0 && chown 65534 c/0")
        let result = try place.stage(2, "--cache", "./c/{rank}", "./t", "./o/{rank}")
        #expect(result.status == 2 && result.lines.count == 1)
        #expect(result.lines.first?.contains("it belongs to another user") == true)
        #expect(try !place.exists("o"))
    }

    @Test(arguments: [
        ("./t/c", "./t", "./o"), ("./c", "./c/t", "./o"), ("./o/c", "./t", "./o"),
        ("./c", "./t", "./c/files/o"), ("./l/c", "./t", "./o"), ("./o", "./t", "./o"),
    ])
    func placesThatLieInOneAnotherAreRefused(cache: String, source: String, copy: String) throws {
        let place = try place()
        try place.shell("ln -s t l && mkdir c/t && echo x > c/t/x")
        let result = try place.stage(2, "--cache", cache, source, copy)
        #expect(result.status == 2 && result.lines.count == 1, "\(result.command.errors)")
        #expect(result.lines.first?.contains("may not lie in one another") == true)
        #expect(try place.shell("ls c t") == "c:\nt\n\nt:\nx\ny\n" && !place.exists("o"))
    }

    /// Another job that stages the same may have what it needs by then.
    @Test func aJobDoesNotWaitForTheThenOfAnother() throws {
        let place = try place()
        var trouble: (any Error)?
        let then = "cd \(place.path); touch begun; while [ ! -e end ]; do sleep 0.1; done"
        let words = ["--cache", "./c/x", "--then", then, "./t", "./o"]
        let first = try place.stage(1, all: words) { _ in
            do {
                try place.shell("while [ ! -e begun ]; do sleep 0.1; done")
                let second = try place.stage(1, "--cache", "./c/x", "--wait", "1s", "./t", "./p")
                #expect(second.status == 0 && second.lines.isEmpty, "\(second.command.errors)")
            } catch { trouble = error }
            do { try place.shell("touch end") } catch { trouble = error }
        }
        if let trouble { throw trouble }
        #expect(first.status == 0, "\(first.command.errors)")
        try place.expectSame("t", "p")
    }

    /// Nothing can be made there.
    @Test func aJobGoesOnWithoutACacheThatCannotBeMade() throws {
        let place = try place()
        let result = try place.stage(2, "--cache", "/proc/cache", "./t", "./o/{rank}")
        #expect(result.status == 0)
        #expect(result.lines.count == 2, "\(result.command.errors)")
        let isSaid = result.lines.allSatisfy {
            $0.contains("warning: ") && $0.contains("the cache /proc/cache failed")
                && $0.hasSuffix("the job goes on without it")
        }
        #expect(isSaid, "\(result.lines)")
        for rank in 0..<2 { try place.expectSame("t", "o/\(rank)") }
    }

    @Test(arguments: ["ENOSPC", "EIO"]) func aJobGoesOnWithoutACacheThatFails(error: String) throws
    {
        let place = try place()
        let shim = try Shim.faultyDisk(in: place)
        let environment = shim.environment(
            "FAULTY_DISK_RANK=1", "FAULTY_DISK_UNDER=\(place.path)/c/1/drafts",
            "FAULTY_DISK_CALLS=ftruncate", "FAULTY_DISK_HOW=\(error)", "FAULTY_DISK_FROM=1")
        let result = try place.stage(
            3, all: ["--cache", "./c/{rank}", "./t", "./o/{rank}"], environment: environment)
        #expect(result.status == 0)
        #expect(result.lines.count == 1, "\(result.command.errors)")
        #expect(result.lines.first?.contains("rank 1: the cache") == true, "\(result.lines)")
        for rank in 0..<3 { try place.expectSame("t", "o/\(rank)") }
        #expect(try place.shell("find c/1/files -type f").isEmpty)
        let second = try place.stage(3, "--cache", "./c/{rank}", "./t", "./p/{rank}")
        #expect(second.summary?.ranks[1].fetched ?? 0 > 0)
        for rank in 0..<3 { try place.expectSame("t", "p/\(rank)") }
    }

    @Test func aCacheWithoutRoomIsOneWarning() throws {
        let place = try place()
        let result = try place.stage(2, "--cache", "./c/{rank}:1M", "./t", "./o/{rank}")
        #expect(result.status == 0 && result.lines.count == 2, "\(result.command.errors)")
        #expect(result.lines.allSatisfy { $0.contains("has no room for this copy") })
        for rank in 0..<2 { try place.expectSame("t", "o/\(rank)") }
    }

    @Test func theCommandActsOnTheCacheOfTheVariable() throws {
        let place = try place()
        let variable = "MPISWARM_STAGE_CACHE=\(place.path)/c:8M"
        let staged = try place.stage(1, all: ["./t", "./o"], environment: [variable])
        #expect(staged.status == 0, "\(staged.command.errors)")
        func cache(_ words: String...) throws -> CommandResult {
            try ProcessRunner.run(
                ["env", variable, ProcessRunner.product("mpiswarm"), "cache"] + words,
                limit: .seconds(60))
        }
        #expect(try cache("path").output == "\(place.path)/c\n")
        let list = try cache("list").output
        #expect(list.hasPrefix("t: 2 files, 2.9 MiB, last used ") && list.hasSuffix("1 content\n"))
        #expect(try cache("verify").output == "good: 1 content, 2.9 MiB read\n")
        try place.shell(
            "printf damage | dd of=$(find c/files -size +1M) bs=1 seek=9 conv=notrunc status=none")
        let damaged = try cache("verify")
        #expect(damaged.status == 1)
        #expect(damaged.output.hasPrefix("t: 1 damaged file\ndamaged: "), "\(damaged)")
        #expect(try cache("prune").output.hasPrefix("0 contents evicted, "))
        let pruned = try cache("prune", "\(place.path)/c:1")
        #expect(pruned.status == 0 && pruned.output.hasSuffix("1 content evicted, 0 B left\n"))
        #expect(try cache("list").output == "0 contents\n")
        let missing = try cache("list", "\(place.path)/none")
        #expect(missing.status == 2 && missing.errors.hasPrefix("mpiswarm: cache: "))
    }
}
