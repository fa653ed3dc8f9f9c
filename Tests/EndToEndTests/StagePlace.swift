import FoundationEssentials
import TestSupport
import Testing

/// A folder in which one test stages, removed with everything in it at the end.
final class StagePlace {
    let path: String

    init() throws { path = try Folders.makeTemporary() }

    deinit {
        do {
            let command = ["sh", "-c", "chmod -R u+rwx \"$0\" && rm -rf \"$0\"", path]
            _ = try ProcessRunner.run(command, limit: .seconds(60))
        } catch { print("\(path) stays behind: \(error)") }
    }

    /// A script in the folder. Returns what it printed.
    @discardableResult
    func shell(_ script: String, _ words: String...) throws -> String {
        let result = try ProcessRunner.run(
            ["sh", "-c", "cd \"$0\" && " + script, path] + words, limit: .seconds(60))
        #expect(result.status == 0, "\(script): \(result.errors)")
        return result.output
    }

    /// Stages; words that begin with `./` are paths in the folder.
    func stage(_ np: Int, _ words: String...) throws -> StageResult {
        try stage(np, all: words)
    }

    /// As a plain user, whom rights keep out, where that is asked for.
    func stage(
        _ np: Int, all words: [String], environment: [String] = [], isPlain: Bool = false,
        limit: Duration = .seconds(60), command: String = "stage",
        meanwhile: (RunHandle) -> Void = { _ in }
    ) throws -> StageResult {
        let json = path + "/summary.json"
        // What an earlier run left must not be taken for this one's.
        FileBytes.remove(path: json)
        let arguments = [command, "--json", json] + words.map { full($0) }
        let plainUser = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        let result = try ProcessRunner.mpirun(
            np: np, arguments: arguments, as: isPlain ? plainUser : [], environment: environment,
            limit: limit,
            meanwhile: meanwhile)
        #expect(!result.ranOut, "\(result.unfinished)")
        let bytes = FileBytes.read(path: json)
        let summary =
            try bytes.isEmpty
            ? nil : JSONDecoder().decode(StageSummary.self, from: Data(bytes))
        return StageResult(command: result, summary: summary)
    }

    func full(_ word: String) -> String {
        word.hasPrefix("./") ? path + word.dropFirst() : word
    }

    /// A folder with one of everything, called `tree`.
    func makeTree() throws {
        try shell(
            """
            umask 022 && mkdir -p tree/a/b/c tree/empty 'tree/ünï cödé' tree/many && cd tree &&
            : > nothing && head -c 300001 /dev/urandom > big && truncate -s 50M holes &&
            printf x | dd of=holes bs=1 seek=20000000 conv=notrunc status=none &&
            printf tail | dd of=holes bs=1 seek=52428796 conv=notrunc status=none &&
            truncate -s 3M hole &&
            ln -s nowhere dangling && ln -s a/b link && ln big hard && ln big a/b/hard2 &&
            printf hi > 'ünï cödé/日本 語' && printf c > a/b/c/deep &&
            for i in $(seq 300); do printf 'file %d' $i > many/$i; done &&
            chmod 600 many/3 && chmod 711 many/4 && chmod 400 many/5 && chmod 700 empty &&
            touch -d '2001-02-03 04:05:06.789' many/7 empty &&
            touch -h -d '2002-02-03 04:05:06.5' link && touch -d '1969-12-31 23:00:00 UTC' big &&
            chmod 555 a/b && touch -d '2001-02-03 04:05:06.789' a/b
            """)
    }

    /// Bytes, names, kinds, rights, dates, targets of links and the count of names.
    func expectSame(_ one: String, _ other: String) throws {
        try shell(
            """
            diff -r --no-dereference "$1" "$2" > difference 2>&1 || { cat difference >&2; exit 1; }
            for tree in "$1" "$2"; do
                mv -f list.new list.old 2> /dev/null
                find "$tree" -printf '%P %y %m %T@ %l %n\\n' | LC_ALL=C sort > list.new
            done
            diff list.old list.new >&2 && rm list.old list.new difference
            """, one, other)
    }

    /// Waits until what is there was changed so long ago that a later change shows in its times.
    func age(_ name: String) throws {
        try shell(
            """
            while [ -n "$(find "$1" -newerct '1 second ago')" ]; do sleep 0.05; done
            """, name)
    }

    /// What is still growing, or was left behind.
    func parts() throws -> [String] {
        try shell("find . -name '*.mpiswarm-part*'").split(separator: "\n").map(String.init)
    }

    func exists(_ name: String) throws -> Bool {
        try shell("test -e \"$1\" && echo yes || echo no", name) == "yes\n"
    }

    /// Waits until so much of a file has come, or ten seconds are over.
    func wait(for byteCount: Int, of name: String) {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(10)
        while clock.now < deadline, FileBytes.allocated(path: "\(path)/\(name)") < byteCount {
            pause(.milliseconds(10))
        }
    }
}
