import CommandLine
import Control
import Storage
import Swarm
import Vocabulary

/// The outputs of a job of `stage` beside its copies: the page of `--report`, the text of
/// `--metrics` and the document of `--json`, written by the rank that reports the result.
struct StageOutputs {
    let options: StageOptions
    let names: RankNames
    let log: JobLog

    /// The stream for lines: standard error if the document goes to standard output.
    static func stream(_ options: StageOptions) -> StandardStream {
        options.json == "-" ? .error : .output
    }

    /// Writes the outputs. If one cannot be written, prints an error and returns false.
    func write(_ document: StageDocument, _ line: String, _ isReceiver: (Rank) -> Bool) -> Bool {
        guard mpiswarm.write(page(document, line), to: options.report, log) else { return false }
        if let path = options.metrics {
            guard put(document.metrics(isReceiver), at: path) else { return false }
        }
        guard let path = options.json else { return true }
        return put(document.text(isReceiver), at: path)
    }

    private func put(_ text: String, at path: String) -> Bool {
        if path == "-" { return say(text, on: .output) }
        do throws(StorageError) {
            try writeWhole(Array(text.utf8), path: path)
            return true
        } catch {
            log.print("mpiswarm: \(sentence(error, path))")
            return false
        }
    }

    private func page(_ document: StageDocument, _ line: String) -> ReportPage {
        let failures = document.peers.compactMap { peer in
            document.failures[peer.rank].map { "\(names[peer.rank]): \($0)" }
        }
        return ReportPage(
            title: "mpiswarm \(options.command) " + options.paths.joined(separator: " "),
            line: line,
            failures: failures + document.differences, peers: document.peers, names: names,
            origin: .current)
    }
}
