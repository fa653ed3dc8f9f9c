import TestSupport
import Testing

/// Who talks to a job, and how.
extension ServeTests {
    /// What any program can do, in the language that most would take.
    private static let program = """
        import json, os, socket, sys
        def talk(rank):
            s = socket.socket(socket.AF_UNIX)
            s.connect(os.environ["XDG_RUNTIME_DIR"] + "/mpiswarm/test." + str(rank))
            return s, s.makefile("r", encoding="utf-8", errors="replace")
        def ask(s, f, line):
            s.sendall(line + b"\\n")
            rows = []
            while True:
                row = json.loads(f.readline())
                if "ok" in row: return rows, row
                rows.append(row)
        s, f = talk(2)
        rows, end = ask(s, f, b"--json query a")
        assert end["ok"] and rows[0]["size"] == 6 and rows[0]["seeds"] == 1, rows
        rows, end = ask(s, f, b"--json get " + rows[0]["id"].encode())
        assert end["ok"] and open(rows[0]["path"]).read() == "hello\\n", rows
        seed = os.environ["XDG_RUNTIME_DIR"] + "/a.seed"
        assert ask(s, f, b"--json export a " + seed.encode())[1]["ok"]
        rows, end = ask(s, f, b"--json get " + seed.encode() + b" to " + seed.encode() + b".copy")
        assert end["ok"] and open(seed + ".copy").read() == "hello\\n", (rows, end)
        rows, end = ask(s, f, b"--json get " + seed.encode() + b".copy.torrent")
        assert not end["ok"] and "No such file" in end["error"], end
        rows, end = ask(s, f, b"--json holders a")
        assert end["ok"] and [row["rank"] for row in rows] == [1, 2], rows
        rows, end = ask(s, f, b"--json get nowhere")
        assert not end["ok"] and "no rank owns it" in end["error"], end
        for garbage in [b"", b"\\x00\\xff", b"get", b'"', b"get ../../etc/passwd", b"x" * 9000]:
            s.sendall(garbage + b"\\n")
            line = f.readline()
            assert line.startswith("error "), (garbage, line)
        s.sendall(b"list\\nlist\\nlist\\n")
        answers = [f.readline() for _ in range(6)]
        assert answers[1] == "ok\\n" and answers[0] == answers[2] == answers[4], answers
        t, g = talk(2)
        t.sendall(b"where a\\nlist\\n")
        t.shutdown(socket.SHUT_WR)
        assert g.read().count("ok\\n") == 2, "who has said all is answered, and let go"
        t, g = talk(2)
        try:
            t.sendall(b"x" * 100000)
        except OSError:
            pass
        assert g.readline().startswith("error a line has at most"), "too long"
        crowd = [talk(2) for _ in range(80)]
        assert crowd[79][1].readline().startswith("error 64 "), "too many"
        assert ask(s, f, b"--json status")[1]["ok"]
        print("done")
        """

    @Test func aProgramTalksToIt() throws {
        let place = try ServePlace(ranks: 3, "echo hello > 1/a")
        _ = try place.serve { _ in
            #expect(place.wait { place.names(2) == ["a"] })
            let result = place.run(["python3", "-c", Self.program])
            #expect(result.output == "done\n", "\(result.errors)")
            place.shell(1, "shutdown")
        }
    }

    /// Only root can be somebody else for a moment.
    /// A socket that does not listen yet looks like one that a killed job left behind.
    @Test func aSearchForJobsRemovesNoneThatBegins() throws {
        let place = try ServePlace(ranks: 9)
        let result = try place.serveWhileOthersLook { _ in
            for peer in 1...8 { #expect(place.shell(peer, "peers").status == 0, "peer \(peer)") }
            place.shell(1, "shutdown")
        }
        #expect(result.status == 0)
        #expect(place.script("ls -A run/mpiswarm").output.isEmpty)
    }

    @Test func anotherUserIsRefused() throws {
        let place = try ServePlace(ranks: 2, "chmod 755 . run")
        _ = try place.serve { _ in
            let mode = place.script("stat -c %a run/mpiswarm run/mpiswarm/test.1")
            #expect(mode.output == "700\n600\n")
            let program = """
                import os, socket
                s = socket.socket(socket.AF_UNIX)
                try:
                    s.connect(os.environ["XDG_RUNTIME_DIR"] + "/mpiswarm/test.1")
                    print(s.makefile().readline())
                except PermissionError:
                    print("refused")
                """
            let other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            let shut = place.run(other + ["/usr/bin/python3", "-c", program])
            if shut.status != 0, shut.errors.contains("setpriv") { return }
            #expect(shut.output == "refused\n", "\(shut.errors)")
            // Who got past the folder and the file is told by the kernel to be somebody else.
            place.script("chmod 755 run/mpiswarm && chmod 666 run/mpiswarm/test.1")
            let told = place.run(other + ["/usr/bin/python3", "-c", program])
            #expect(
                told.output.hasPrefix("error this job belongs to another user"), "\(told.errors)")
            place.script("chmod 700 run/mpiswarm && chmod 600 run/mpiswarm/test.1")
            place.shell(1, "shutdown")
        }
    }

    @Test func theShellTakesDescriptionsAndWritesThem() throws {
        let place = try ServePlace(
            ranks: 3, "head -c 100000 /dev/urandom > 1/data && cp 1/data data")
        let product = ProcessRunner.product("mpiswarm")
        place.run([
            product, "make", "--format", "seed", "\(place.path)/data", "-o",
            "\(place.path)/data.seed",
        ])
        _ = try place.serve { _ in
            #expect(place.wait { place.names(2) == ["data"] })
            #expect(place.shell(2, "get \(place.path)/data.seed").status == 0)
            #expect(place.isSame("1/data", "2/data"))
            place.script("cp data 2/other; mv 1/data 1/renamed; head -c 100000 /dev/zero > 1/zeros")
            place.script("rm 2/data")
            #expect(place.wait { place.names(2).sorted() == ["other", "renamed", "zeros"] })
            // Known by its digests alone, and called what it is described as.
            #expect(place.shell(2, "get \(place.path)/data.seed").status == 0)
            #expect(place.isSame("data", "2/data"))
            #expect(place.shell(2, "export data \(place.path)/out.torrent").status == 0)
            let verified = place.run([
                product, "verify", "\(place.path)/out.torrent", "\(place.path)/2/data",
            ])
            #expect(verified.status == 0, "\(verified.errors)")
            let wrong = place.script(
                "sed '4y/0123456789abcdef/123456789abcdef0/' data.seed > wrong.seed")
            #expect(wrong.status == 0)
            let refused = place.shell(2, "get \(place.path)/wrong.seed to \(place.path)/wrong")
            #expect(refused.status == 1)
            for mistake in ["bogus", "get", "get data from nobody", "get ../data", "get \"data"] {
                #expect(place.shell(2, mistake, "list").status == 2, "\(mistake)")
            }
            #expect(place.shell(2, "export nothing out.torrent", "list").status == 1)
            #expect(refused.errors.contains("is what it describes"), "\(refused.errors)")
            #expect(!place.isSame("data", "wrong"))
            place.shell(1, "shutdown")
        }
    }

    /// The shell on a real terminal: a prompt, completion, history, a mistake, the end.
    @Test func aPersonTalksToItOnATerminal() throws {
        let place = try ServePlace(
            ranks: 4, "echo hello > 1/a-long-name && echo hi > 1/both && echo hi > 3/both")
        _ = try place.serve { _ in
            #expect(place.wait { place.shell(2, "holders both").lines.count == 2 })
            let screen = place.script(
                """
                tmux="tmux -S $0/tmux -f /dev/null"
                talk="'$1' shell --job test --rank 2"
                $tmux new-session -d -x 100 -y 30 "$talk; echo left with \\$?; sleep 9"
                look() { for i in $(seq 100); do $tmux capture-pane -p > screen
                    grep -q "$1" screen && return; sleep 0.1; done; echo "no $1"; }
                look 'rank 2> '
                $tmux send-keys 'lisst' Enter; look 'unknown command'
                $tmux send-keys 'list' Enter; look 'a-long-name'
                $tmux send-keys 'get a-l' Tab; sleep 0.3; $tmux send-keys Enter
                look '2/a-long-name'
                $tmux send-keys 'get both' Enter; look 'ranks 1, 3 have it'
                $tmux send-keys '3' Enter; look '2/both'
                $tmux send-keys Up Up Enter; sleep 0.5
                $tmux send-keys 'exit' C-c; sleep 0.3
                $tmux send-keys 'help' Enter; look 'end this conversation'
                $tmux send-keys 'exit' Enter; look 'left with 0'
                cat screen; $tmux kill-server
                """)
            #expect(!screen.output.contains("\nno "), "\(screen.output)")
            #expect(screen.output.contains("left with 0"), "\(screen.output)")
            #expect(place.isSame("1/a-long-name", "2/a-long-name"))
            #expect(place.isSame("3/both", "2/both"))
            place.shell(1, "shutdown")
        }
    }

    /// To those who ask the rank, and once to whoever runs the job.
    @Test func filesThatCannotBeOfferedAreReported() throws {
        let place = try ServePlace(
            ranks: 3, "echo x > '1/a\tb' && echo y > 1/good")
        let result = try place.serve { _ in
            #expect(place.wait { place.names(2) == ["good"] })
            #expect(
                place.wait {
                    place.shell(1, "status").lines.contains {
                        $0.hasSuffix("it holds a control character")
                    }
                })
            place.script("mv '1/a\tb' 1/better")
            #expect(place.wait { place.names(2).contains("better") })
            #expect(!place.shell(1, "status").output.contains("control"))
            // A line may ask for it, as it does on the socket.
            #expect(place.shell(1, "--json status").lines.allSatisfy { $0.hasPrefix("{") })
            place.shell(1, "shutdown")
        }
        #expect(result.status == 0)
        let told = result.errors.split(separator: "\n").filter { $0.contains("is not offered") }
        #expect(told.count == 1, "\(result.errors)")
    }
}
