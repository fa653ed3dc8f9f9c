import CommandLine
import Content
import Storage
import Vocabulary

/// `mpiswarm verify FILE PATH`: reads the files there and prints the differences from their
/// description.
struct Verify {
    private let options: VerifyOptions

    init(_ options: VerifyOptions) { self.options = options }

    func perform() -> Int32 { performed(verify) }

    private func verify() throws(MetainfoCommandError) -> Int32 {
        let (metainfo, _) = try readMetainfo(options.file, pieceSize: options.pieceSize?.bytes)
        guard let plan = metainfo.plan else { throw .labels(options.file) }
        let tree = try openTree(options.path)
        guard tree.isFolder || metainfo.isSingleFile else {
            throw .folderWanted(options.path, describedBy: options.file)
        }
        let paths: [RelativePath?] = tree.isFolder ? metainfo.paths : [nil]
        var reading = try ContentReading(plan)
        let findings = metainfo.findings(in: reading.digests(paths, in: tree))
        let verdict = Verdict(
            plan: plan, paths: metainfo.paths, findings: findings, troubles: reading.troubles)
        say(verdict.text, on: .output)
        return verdict.isGood ? 0 : 1
    }
}
