import Content
import Glibc
import Synchronization
package import Vocabulary

/// The contents that a rank fetches, each with a manifest that has all digests, for its download
/// thread and the disk workers. A content grows in the output folder, and gets its name when it is
/// whole. An existing file of that name is replaced.
///
/// Invariant: no lock that the download thread takes is held while a disk is waited for.
package final class LiveStorage: Sendable {
    /// The target of an order, once its content is known.
    struct Aim: Sendable {
        let content: ContentID
        let order: UInt64
    }

    struct Book: Sendable {
        var manifests: [ContentID: Manifest] = [:]
        var aims: [WantNumber: Aim] = [:]
        var rooms = RoomLedger()
        /// Contents that failed, and were not opened again since.
        var failed: Set<ContentID> = []
        var isClosed = false

        func isOrdered(_ content: ContentID) -> Bool {
            aims.values.contains { $0.content == content }
        }
    }

    let output: String
    let naming: LiveNaming
    private let contents: PeerContents
    let lanes: DiskLanes
    let destinations: Destinations
    private let folder: OutputFolder
    let answers: Answers<StoreEvent>
    let book = Mutex(Book())
    let room: @Sendable (String) throws(StorageError) -> DiskRoom

    /// `output` is created where it is missing, and refused unless it can be written to. `room`
    /// says what is free where a path lies.
    package init(
        _ contents: PeerContents, output: String, naming: LiveNaming,
        destinations: Destinations, bell: (any ReaderBell)? = nil,
        room: @escaping @Sendable (String) throws(StorageError) -> DiskRoom = {
            (path) throws(StorageError) in try DiskRoom(at: path)
        }
    ) throws(StorageError) {
        folder = try OutputFolder(path: output, prefix: naming.prefix)
        answers = Answers(ringing: bell)
        self.contents = contents
        self.output = output
        self.naming = naming
        lanes = DiskLanes(contents.crew)
        self.destinations = destinations
        self.room = room
    }

    var crew: DiskWorkers { contents.crew }
    var memory: MemoryContents { contents.memory }
    var files: FileContents { contents.files }

    /// The folder at `path`, with as little work as possible where many files go to the output
    /// folder.
    func folder(at path: String) throws(StorageError) -> OutputFolder {
        if path == output, folder.isInPlace { return folder }
        return try OutputFolder(path: path, prefix: naming.prefix)
    }

    func aim(_ want: WantNumber, of content: ContentID, at order: UInt64) {
        book.withLock { $0.aims[want] = Aim(content: content, order: order) }
    }

    /// Returns the room that it would have needed.
    func release(_ want: WantNumber) {
        let content = book.withLock { book -> ContentID? in
            guard let aim = book.aims.removeValue(forKey: want) else { return nil }
            book.rooms.release(.copy(want))
            guard !book.isOrdered(aim.content) else { return nil }
            book.rooms.release(.part(aim.content))
            return aim.content
        }
        guard let content, files.livePart(of: content) == nil else { return }
        book.withLock { $0.manifests[content] = nil }
    }

    /// Long work ends now; noted pieces are there for another job.
    package func leave() { book.withLock { $0.isClosed = true } }

    var isClosed: Bool { book.withLock { $0.isClosed } }

    /// Whether an order wants the content. None wants a manifest that is fetched for another one.
    func isOrdered(_ content: ContentID) -> Bool { book.withLock { $0.isOrdered(content) } }

    func manifest(of content: ContentID) -> Manifest? {
        book.withLock { $0.manifests[content] } ?? files.source(of: content)?.publication.manifest
    }

    /// `isOrdered` is how it was when the work was handed over.
    func open(_ content: ContentID, _ bytes: [UInt8], isOrdered: Bool) {
        guard let manifest = learn(content, bytes) else {
            return answers.put(.opened(content, nil))
        }
        book.withLock { _ = $0.failed.remove(content) }
        var opened = OpenedContent(manifest.geometry)
        guard manifest.geometry.carriesBytes else { return answers.put(.opened(content, opened)) }
        do throws(StorageError) {
            opened.held = try prepare(content, manifest)
            try reserve(content, missing: opened.missing.raw, isOrdered: isOrdered)
        } catch { return fail(content, error) }
        answers.put(.opened(content, opened))
    }

    private func learn(_ content: ContentID, _ bytes: [UInt8]) -> Manifest? {
        let span = unsafe bytes.span.bytes
        guard content != .none, ContentID(ofManifest: span) == content else { return nil }
        do throws(ManifestError) {
            let manifest = try Manifest(parsing: span)
            book.withLock { $0.manifests[content] = manifest }
            return manifest
        } catch {
            return nil
        }
    }

    /// The pieces of it that are here.
    private func prepare(
        _ content: ContentID, _ manifest: Manifest
    ) throws(StorageError) -> PieceSet {
        if files.source(of: content) != nil {
            return PieceSet(all: manifest.geometry.pieceCount)
        }
        if let part = files.livePart(of: content), part.isThere { return part.kept }
        let place = try growingPlace(of: content, manifest.geometry)
        let part = try LivePart(content, manifest, at: place) { self.isClosed }
        files.add(part, as: content)
        return part.kept
    }

    private func growingPlace(
        of content: ContentID, _ geometry: Geometry
    ) throws(StorageError) -> LivePlace {
        // Another process may have removed it since the job began.
        _ = try OpenFile(creatingFolder: output)
        switch naming {
        case .content(let rank): return LivePlace(continued: "\(output)/.\(content).\(rank)")
        case .file(let name, geometry): return LivePlace(of: name.description, in: output)
        case .file, .temporary:
            return LivePlace(temporary: "\(output)/\(try folder(at: output).makeFile())")
        }
    }

    /// Room for the rest of it, and for copies that go to another device. An order that was given
    /// up meanwhile needs none, and nobody would return it.
    private func reserve(
        _ content: ContentID, missing: Int64, isOrdered: Bool
    ) throws(StorageError) {
        let here = try room(output)
        let aims = book.withLock { $0.aims.filter { $0.value.content == content } }
        let total = manifest(of: content)?.geometry.total.raw ?? 0
        do throws(StorageError) {
            try reserve(.part(content), missing, of: here, at: output) {
                !isOrdered || $0.isOrdered(content)
            }
            for want in aims.keys.sorted(by: { $0.position < $1.position }) {
                guard let order = aims[want]?.order, let path = destinations.row(of: order)?.path,
                    path.utf8.first == UInt8(ascii: "/")
                else { continue }
                let there = try room(path)
                guard there.device != here.device else { continue }
                try reserve(.copy(want), total, of: there, at: path) { $0.aims[want] != nil }
            }
        } catch {
            // Nothing has come of it: nothing stays of it.
            if files.livePart(of: content)?.kept.isEmpty == true { files.drop(content) }
            throw error
        }
    }

    func reserve(
        _ entry: RoomLedger.Entry, _ needed: Int64, of room: DiskRoom, at path: String,
        while isNeeded: (borrowing Book) -> Bool
    ) throws(StorageError) {
        try book.withLock { book throws(StorageError) in
            guard isNeeded(book) else { return }
            try book.rooms.reserve(entry, needed, of: room, path: path)
        }
    }

    /// The pieces that have arrived stay for another attempt. Each of those that were on their way
    /// may fail, and the user is told once.
    private func fail(_ content: ContentID, _ error: StorageError) {
        let orders = book.withLock { book -> [UInt64]? in
            guard book.failed.insert(content).inserted else { return nil }
            book.rooms.release(.part(content))
            return book.aims.values.filter { $0.content == content }.map(\.order)
        }
        guard let orders else { return }
        let words = files.words(error)
        for order in orders { destinations.settle(order, .trouble(words)) }
        if orders.isEmpty { files.tell(error) }
        answers.put(.failed(content, error.failure))
    }

    func open(_ content: ContentID, fetchedAs manifest: ContentID, isOrdered: Bool) {
        do throws(StorageError) {
            guard let bytes = try bytes(of: manifest) else {
                return answers.put(.opened(content, nil))
            }
            // From now on others are served it from memory.
            if let geometry = book.withLock({ $0.manifests[manifest]?.geometry }) {
                memory.put(bytes, as: manifest, geometry: geometry)
                files.drop(manifest)
                book.withLock { $0.rooms.release(.part(manifest)) }
            }
            open(content, bytes, isOrdered: isOrdered)
        } catch { fail(content, error) }
    }

    private func bytes(of content: ContentID) throws(StorageError) -> [UInt8]? {
        if let bytes = memory.bytes(of: content) { return bytes }
        var bytes: [UInt8] = []
        let isWhole = try readAll(content) { piece throws(StorageError) in
            unsafe piece.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        }
        return isWhole ? bytes : nil
    }

    /// All pieces are here if a user shares the same bytes meanwhile: the part is gone then.
    func keep(
        _ buffer: PieceBuffer, as piece: PieceIndex, of content: ContentID, in part: LivePart?
    ) {
        guard let part else {
            let isShared = files.source(of: content) != nil
            return answers.put(
                isShared
                    ? .kept(piece, of: content) : .failed(content, .failing(errno: ESTALE)))
        }
        guard part.verifies(buffer, as: piece) else {
            return answers.put(.bad(piece, of: content))
        }
        do throws(StorageError) {
            if try part.put(buffer, as: piece) {
                book.withLock { $0.rooms.wrote(buffer.byteCount, of: .part(content)) }
                return answers.put(.kept(piece, of: content))
            }
        } catch {
            guard part.isRemoved else { return fail(content, error) }
        }
        // No thread waits for a piece of an abandoned content.
        if files.source(of: content) != nil { answers.put(.kept(piece, of: content)) }
    }

    func forsake(_ content: ContentID) {
        if let part = files.livePart(of: content), part.namedPath == nil { files.drop(content) }
        book.withLock { $0.rooms.release(.part(content)) }
    }
}
