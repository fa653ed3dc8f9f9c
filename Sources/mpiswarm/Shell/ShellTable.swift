import CommandLine
import Control
import Vocabulary

/// The answers of a rank, formatted for people.
struct ShellTable {
    let command: String

    func lines(of rows: [[String]]) -> [String] {
        switch command {
        case "list", "query": files(rows)
        case "peers": rows.map { "rank \($0[0]): \($0.dropFirst().joined(separator: " "))" }
        case "holders": rows.map { "rank \($0[0])" }
        case "chunks": rows.map(chunks)
        case "status": rows.map(state)
        case "get", "wait": rows.map(outcome)
        default: rows.map(plain)
        }
    }

    /// The line that is printed if the rank answers with success alone.
    static func silence(after command: String) -> String? {
        switch command {
        case "list": nil
        case "get": "it is being fetched; 'wait' says when it is here"
        case "wait": "nothing is being fetched"
        case "unshare": "it is offered no more"
        case "leave": "this rank has left; 'join' brings it back"
        case "shutdown": "the job ends"
        default: "done"
        }
    }

    private func outcome(_ row: [String]) -> String {
        guard row.count == 3 else { return plain(row) }
        // Users know files by their names, not by their numbers.
        let last = row[1].split(separator: "/").last.map(String.init) ?? row[1]
        return "\(ContentID(text: row[0]) == nil ? row[0] : last) is here: \(row[1])"
    }

    private func chunks(_ row: [String]) -> String {
        guard row.count == 4 else { return plain(row) }
        let list = row[3].isEmpty ? "" : ": \(row[3])"
        return "rank \(row[0]) has \(row[1]) of \(row[2]) pieces\(list)"
    }

    private func plain(_ row: [String]) -> String { row.joined(separator: "  ") }

    private func files(_ rows: [[String]]) -> [String] {
        guard !rows.isEmpty else { return ["no files are offered yet"] }
        let areDigests = rows.allSatisfy { $0.count == 2 }
        let heads = areDigests ? ["DIGEST", "NAME"] : ["NAME", "SIZE", "SEEDS", "PEERS", "ID"]
        let table = [heads] + rows.map(legible)
        let widths = table[0].indices.map { column in
            table.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return table.map { row in
            let cells = zip(row, widths).enumerated().map { column, cell in
                let gap = String(repeating: " ", count: cell.1 - cell.0.count)
                // Numbers are aligned to the right.
                return !areDigests && (1...3).contains(column) ? gap + cell.0 : cell.0 + gap
            }
            return cells.joined(separator: "  ")
        }
    }

    private func legible(_ row: [String]) -> [String] {
        guard row.count == 5, let size = Int64(row[1]) else { return row }
        return [row[0], ByteCount(size).words] + row.dropFirst(2)
    }

    private func state(_ row: [String]) -> String {
        if row.count == 6, let held = Int64(row[1]), let size = Int64(row[2]),
            let rate = Int64(row[3])
        {
            let left = row[4] == "-" ? "" : ", \(row[4]) s left"
            return "fetching \(row[0]): \(ByteCount(held).words) of \(ByteCount(size).words), "
                + "\(ByteCount(rate).words)/s\(left), \(row[5]) sources"
        }
        if row.count == 4, row[0] == "sharing" {
            let refused = row[3] == "0" ? "" : "; \(row[3]) cannot be"
            return "\(row[1]) of \(row[2]) files are offered\(refused)"
        }
        if row.count == 2 { return "\(row[0]): \(row[1])" }
        return row.count == 3 ? "not offered: \(row[1]): \(row[2])" : plain(row)
    }
}
