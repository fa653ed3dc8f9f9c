import CommandLine
import Content

/// `mpiswarm show FILE`
func show(_ options: ShowOptions) -> Int32 {
    performed { () throws(MetainfoCommandError) in
        let (metainfo, _) = try readMetainfo(options.file, pieceSize: options.pieceSize?.bytes)
        let report = MetainfoReport(metainfo)
        return say(options.json ? report.json : report.text, on: .output) ? 0 : 1
    }
}
