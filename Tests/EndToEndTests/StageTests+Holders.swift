import TestSupport
import Testing

/// Several ranks that have the same on disks of their own: each rank stands in a folder of its own.
extension StageTests {
    private static let apart = """
        cd "r$OMPI_COMM_WORLD_RANK" &&
            exec "$0" stage --trace-dir ../traces --limit-rate 80M --piece-size 64K "$@"
        """

    private func place(_ script: String) throws -> StagePlace {
        let place = try StagePlace()
        try place.shell(
            """
            mkdir traces r0 r1 r2 r3 && head -c 6000000 /dev/urandom > r0/f &&
            touch -d '2020-01-01 10:00:00.25' r0/f && cp -p r0/f r1/f && \(script)
            """)
        return place
    }

    private func stage(in place: StagePlace) throws -> CommandResult {
        let result = try ProcessRunner.run(
            [
                "sh", "-c", "cd '\(place.path)' && exec \"$0\" \"$@\"", "mpirun",
                "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-np", "4", "sh",
                "-c",
                Self.apart, ProcessRunner.product("mpiswarm"), "f", "../o{rank}",
            ], limit: .seconds(60))
        #expect(!result.ranOut, "\(result.unfinished)")
        return result
    }

    @Test func severalHoldersShareTheWork() throws {
        let place = try place("true")
        let result = try stage(in: place)
        #expect(result.status == 0, "\(result.errors)")
        for rank in 0..<4 { try place.shell("cmp r0/f o\(rank)") }
        // Both sent pieces to ranks that have nothing, and only one was asked what they must be.
        try place.shell("grep -q '> [23] download ack' traces/trace0.txt")
        try place.shell("grep -q '> [23] download ack' traces/trace1.txt")
        try place.shell("grep -q '> 0 upload tableRequest' traces/trace1.txt")
        try place.shell("! grep -q '> 1 upload tableRequest' traces/trace0.txt")
    }

    /// The same name, size and date, and other bytes in the middle: the publisher's arrive.
    @Test func aHolderServesNothingThatThePublisherHasNot() throws {
        let place = try place(
            """
            printf other | dd of=r1/f bs=1 seek=1000000 conv=notrunc status=none &&
            printf other | dd of=r1/f bs=1 seek=5999990 conv=notrunc status=none &&
            touch -d '2020-01-01 10:00:00.25' r1/f
            """)
        let result = try stage(in: place)
        #expect(result.status == 0, "\(result.errors)")
        for rank in 0..<4 { try place.shell("cmp r0/f o\(rank)") }
        // 1,000,000 / 65,536 and the last one are sent on only after they came.
        for piece in [15, 91] {
            try place.shell(
                """
                awk -v piece='piece: \(piece),' 'index($0, piece) && /download ack/ {
                    sent = / > /; exit
                } END { exit sent }' traces/trace1.txt
                """)
        }
    }
}
