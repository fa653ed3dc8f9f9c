import TestSupport
import Testing

/// Jobs whose source an earlier one has read. A folder for each rank stands for the disk of a node.
@Suite(.serialized, .waitsForProcesses) struct StageCacheSourceTests {
    private func stage(
        _ place: StagePlace, into folder: String, _ words: String...
    ) throws -> StageResult {
        try place.stage(
            3, all: ["--cache", "./c/{rank}"] + words + ["./t", "./\(folder)/{rank}"])
    }

    private func place() throws -> StagePlace {
        let place = try StagePlace()
        try place.shell(
            "mkdir t && for i in 1 2 3 4; do head -c 2000000 /dev/urandom > t/$i || exit 1; done")
        try place.age("t")
        #expect(try stage(place, into: "one").status == 0)
        return place
    }

    private func expectWhole(_ place: StagePlace, _ folder: String) throws {
        for rank in 0..<3 { try place.expectSame("t", "\(folder)/\(rank)") }
    }

    @Test(arguments: ["one", "two"]) func itIsNotReadAgain(folder: String) throws {
        let place = try place()
        try place.shell("rm -r one/1 one/2")
        let result = try stage(place, into: folder, "--stats")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        #expect(result.summary?.read == 0 && result.summary?.fetched == 0)
        let output = result.command.output
        #expect(output.contains(", 0 B read from SOURCE, "), "\(output)")
        #expect(output.contains(", 0 B read from sources, "), "\(output)")
        try expectWhole(place, folder)
    }

    /// The copy of the publisher is one that a user has altered without a trace in its date.
    @Test func aCopyInPlaceIsNotServedUnread() throws {
        let place = try place()
        try place.shell(
            """
            cp -p one/0/3 kept && printf altered | dd of=one/0/3 bs=1 seek=999 conv=notrunc \
            status=none && touch -r kept one/0/3 && rm -r one/1 one/2 c/1 c/2
            """)
        let result = try stage(place, into: "one")
        #expect(result.status == 0, "\(result.command.errors)")
        for rank in 1..<3 { try place.expectSame("t", "one/\(rank)") }
        #expect(result.summary?.read ?? 0 < 2_000_000)
    }

    /// Only the files that have changed are read, whatever their dates say.
    @Test(arguments: [
        "touch t/2", "touch -r t d && cp -p t/2 x && mv x t/2 && touch -r d t", "chmod 600 t/2", "",
    ])
    func aFileInAnotherStateIsRead(change: String) throws {
        let place = try place()
        let alter =
            "printf altered | dd of=t/2 bs=1 seek=5 conv=notrunc status=none && touch -r t/1 t/2"
        try place.shell(change.isEmpty ? "touch -r t/2 d && \(alter) && touch -r d t/2" : change)
        let result = try stage(place, into: "two")
        #expect(result.status == 0, "\(result.command.errors)")
        try expectWhole(place, "two")
        let read = try #require(result.summary).read
        // A new date or new rights make another content of it.
        let isOther = change == "touch t/2" || change.hasPrefix("chmod")
        #expect(isOther ? read == 8_000_000 : read >= 2_000_000 && read < 3_000_000, "\(read)")
        try place.age("t")
        #expect(try stage(place, into: "three").status == 0)
        let last = try stage(place, into: "four")
        #expect(last.summary?.read == 0)
        try expectWhole(place, "four")
    }

    /// The rank that would read the source repairs its cache from there.
    @Test(arguments: ["c/0", "c/*"]) func aDamagedEntryIsReadFromTheSource(caches: String) throws {
        let place = try place()
        try place.shell(
            """
            for file in $(find \(caches)/files -type f -size +1000k | head -n 3); do
                printf damage | dd of=$file bs=1 seek=1000 conv=notrunc status=none || exit 1
            done
            """)
        let result = try stage(place, into: "two")
        #expect(result.status == 0 && result.lines.isEmpty, "\(result.command.errors)")
        let read = try #require(result.summary).read
        #expect(read < 4_000_000, "\(read)")
        try expectWhole(place, "two")
        let third = try stage(place, into: "three")
        #expect(third.summary?.fetched == 0 && third.summary?.read == 0)
        try expectWhole(place, "three")
    }

    @Test func verifyingReadsIt() throws {
        let place = try place()
        let result = try stage(place, into: "two", "--verify")
        #expect(result.status == 0 && result.summary?.read == 8_000_000)
        try expectWhole(place, "two")
    }
}
