extension HashPlan {
    /// The part of one file that lies in a piece.
    package struct Part: Equatable, Sendable {
        package let stretch: Int
        /// In the file.
        package let extent: Extent
        /// Its offset in the piece.
        package let place: Int
    }

    /// The part of a file, which begins at `offset`, in a piece, which may begin in the file before
    /// and end in the next one.
    func part(_ piece: Int, of stretch: Int, from offset: Int64) -> Part? {
        let place = Int64(piece) * pieceLength - offset
        let length = stretches[stretch].length
        let end = length - place > pieceLength ? place + pieceLength : length
        let start = max(0, place)
        return Extent(start: start, end: end).map {
            Part(stretch: stretch, extent: $0, place: Int(start - place))
        }
    }

    /// The pieces that several files have parts in, in order. There are none if every file begins a
    /// piece of its own.
    package var sharedPieces: [(piece: Int, parts: [Part])] {
        var shared: [(piece: Int, parts: [Part])] = []
        let (offsets, ranges) = (offsets, pieceRanges)
        for (index, stretch) in stretches.enumerated() where !stretch.isPad {
            let offset = offsets[index]
            guard let first = ranges[index].first, let last = ranges[index].last else { continue }
            // Only the first and the last can go on in another file.
            for piece in first == last ? [first] : [first, last] {
                guard let part = part(piece, of: index, from: offset) else { continue }
                if shared.last?.piece == piece {
                    shared[shared.count - 1].parts.append(part)
                } else {
                    shared.append((piece, [part]))
                }
            }
        }
        return shared.filter { $0.parts.count > 1 }
    }

    /// The last one may be shorter.
    package func size(of piece: Int) -> Int {
        let end = (offsets.last ?? 0) + (stretches.last?.length ?? 0)
        return Int(min(pieceLength, end - Int64(piece) * pieceLength))
    }
}

extension Metainfo {
    /// Whether these are the bytes of a piece that may go on from file to file.
    package func verifies(_ bytes: [UInt8], as piece: Int) -> Bool {
        guard case .torrent(let torrent) = self, let pieces = torrent.info.pieces,
            piece < pieces.count
        else { return false }
        return Digester.digest(of: bytes, .sha1)[...] == pieces[piece]
    }
}
