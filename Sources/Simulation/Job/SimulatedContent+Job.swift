import Swarm
import Vocabulary

extension SimulatedContent {
    /// The name of a file of a job of `run` or `stage`; the first has number 1.
    static func fileName(_ number: Int = 1) -> RelativePath? {
        let name = number == 1 ? "content" : "content\(number)"
        do throws(PathError) { return try RelativePath(name) } catch { return nil }
    }

    /// The contents that a job knows from the start.
    static func all(_ options: SimulationOptions, _ geometry: Geometry) -> [SimulatedContent] {
        switch options.kind {
        case .batch:
            (1...UInt64(options.files)).map { SimulatedContent($0, geometry) } + manifests(options)
        case .staged: []
        case .standing: SimulatedStanding.contents(options, geometry)
        }
    }

    /// Short pieces, because a manifest is much shorter than its content.
    private static let manifestPieceLength = 1000
    private static let totalByteCount = 3500

    /// The manifest of the only file, if that is too long for a message.
    private static func manifests(_ options: SimulationOptions) -> [SimulatedContent] {
        let total = ByteCount(Int64(totalByteCount))
        let pieceLength = ByteCount(Int64(manifestPieceLength))
        guard options.hasLongManifest, options.carriesBytes,
            let geometry = Geometry(total: total, pieceLength: pieceLength)
        else { return [] }
        return [SimulatedContent(2, geometry)]
    }
}
