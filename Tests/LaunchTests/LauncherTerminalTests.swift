import Testing

@testable import Launch

/// Whether standard error ends on a terminal, from what /proc says of the processes above.
struct LauncherTerminalTests {
    /// From a rank, which is process 9, upwards: name, parent, and the target of standard error.
    private func isOnTerminal(_ processes: [Int: (String, Int, String)]) -> Bool {
        let terminal = LauncherTerminal(
            text: { path in
                let parts = path.split(separator: "/")
                guard let row = processes[Int(parts[1]) ?? 0] else { return nil }
                return parts[2] == "comm" ? row.0 + "\n" : "1 (\(row.0)) S \(row.1) 5 5"
            },
            target: { path in
                processes[Int(path.split(separator: "/")[1]) ?? 0]?.2
            })
        return terminal.isLauncherOnTerminal(above: 9)
    }

    @Test(arguments: ["mpirun", "mpiexec", "orterun", "prterun", "mpiexec.hydra"])
    func theLauncherDecides(name: String) {
        for (stream, isTerminal) in [
            ("/dev/pts/3", true), ("/dev/tty1", true), ("/home/ada/log", false),
            ("pipe:[77]", false),
        ] {
            #expect(
                isOnTerminal([
                    9: ("mpiswarm", 8, "pipe:[5]"), 8: ("a) b (c", 7, "pipe:[5]"),
                    7: (name, 6, stream), 6: ("bash", 1, "/dev/pts/3"),
                ]) == isTerminal)
        }
    }

    /// A shell on a terminal may have sent standard error elsewhere.
    @Test func aShellDecidesNothing() {
        #expect(!isOnTerminal([9: ("mpiswarm", 8, "pipe:[5]"), 8: ("bash", 1, "/dev/pts/3")]))
        #expect(!isOnTerminal([9: ("mpiswarm", 8, "pipe:[5]"), 8: ("orted", 1, "/dev/pts/3")]))
        #expect(!isOnTerminal([:]))
        #expect(!isOnTerminal([9: ("mpiswarm", 9, "/dev/pts/3")]))
    }
}
