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
        if let list = try checksums() { return try verify(list) }
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

    /// Nil where the file is a description of another kind.
    private func checksums() throws(MetainfoCommandError) -> ChecksumList? {
        let bytes = try readInput(options.file)
        guard ChecksumList.isOne(bytes) else { return nil }
        do throws(ChecksumListError) { return try ChecksumList(parsing: bytes) } catch {
            throw .badChecksums(options.file, error)
        }
    }

    private func verify(_ list: ChecksumList) throws(MetainfoCommandError) -> Int32 {
        let tree = try openTree(options.path)
        guard tree.isFolder || list.rows.count == 1 else {
            throw .folderWanted(options.path, describedBy: options.file)
        }
        let lines = try list.differences(in: tree)
        let files = "\(list.rows.count) file\(list.rows.count == 1 ? "" : "s")"
        let last = lines.isEmpty ? "good: \(files)" : "bad: \(lines.count) of \(files)"
        say((lines + [last]).joined(separator: "\n") + "\n", on: .output)
        return lines.isEmpty ? 0 : 1
    }
}
