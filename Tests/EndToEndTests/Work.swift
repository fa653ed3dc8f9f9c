/// The figures of the line that `--stats` prints about the work of all threads.
struct Work {
    let emptyTurnsPerEvent: Double
    let messagesPerPiece: Double
    let pieceMessagesPerPiece: Double
    let failedPicksPerPiece: Double
    let line: String

    /// Nil if there is no such line.
    init?(_ lines: [String]) {
        guard let line = lines.first(where: { $0.hasPrefix("work: ") }) else { return nil }
        self.line = line
        let words = line.split(separator: " ")
        let ratios = words.filter { $0.hasPrefix("(") }.compactMap { Double($0.dropFirst()) }
        guard ratios.count == 3, let which = words.firstIndex(of: "which"),
            let pieceMessages = Double(words[which + 1])
        else { return nil }
        (emptyTurnsPerEvent, messagesPerPiece, failedPicksPerPiece) =
            (ratios[0], ratios[1], ratios[2])
        pieceMessagesPerPiece = pieceMessages
    }
}
