import Content
import Control
import Staging
import Swarm
import Vocabulary
import Wire

typealias Words = UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>, _ words: Words,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The package manager's name for `main`, which libFuzzer brings along otherwise.
@_cdecl("ParserFuzz_main")
public func fuzzMain(
    _ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    var count = count
    var words = unsafe words
    return unsafe runFuzzer(&count, &words) { unsafe fuzzOneInput($0, $1) }
}

/// What libFuzzer calls: the first byte says which parser gets the rest. What parses and is
/// canonical has to encode to the same bytes; nothing may trap, and libFuzzer bounds memory.
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard count > 0, let data = unsafe data else { return 0 }
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    let rest = Array(bytes.dropFirst())
    let parsers = [
        parseMetainfo, parseTree, parseClassicInput, parseSurvey, parseOrder, parseMessage,
        parseChokingInput, parseControl, parseLog, parseTopology, parseDescribedList,
    ]
    parsers[Int(bytes[0]) % parsers.count](rest)
    return 0
}

private func parseControl(_ bytes: [UInt8]) {
    do throws(ControlCommandError) { _ = try ControlRequest(parsing: bytes) } catch {
        precondition(!error.words.isEmpty)
    }
    // What a line is taken apart into can be put together again.
    guard let text = String(validating: bytes, as: UTF8.self), let words = controlWords(text)
    else { return }
    precondition(controlWords(controlLine(words)) == words)
}

/// The first byte says how long the parts are; cfg files are fed with the same bytes as the logs.
private func parseLog(_ bytes: [UInt8]) {
    let loose = LooseChokingTerms(common: bytes, roster: bytes)
    let terms = LogTerms(
        preferredMax: loose.preferredMax, pieceCount: loose.pieceCount,
        peers: loose.peers?.map { ($0.id, $0.hasFile) })
    for isStrict in [false, true] {
        var check = LogCheck(terms, isStrict: isStrict)
        for peer in [1, 2] {
            check.begin(logOf: PeerID(peer))
            let length = 1 + Int(bytes.first ?? 0)
            for start in stride(from: 0, to: bytes.count, by: length) {
                check.feed(bytes.span.extracting(start..<min(bytes.count, start + length)))
            }
            check.end()
        }
        for breach in check.breaches() {
            precondition(breach.count >= breach.logCount && !breach.first.rule.words.isEmpty)
        }
    }
}

private func parseTopology(_ bytes: [UInt8]) {
    do throws(TopologyError) { _ = try Topology(parsing: bytes, trackerCount: 4) } catch { return }
}

private func parseMetainfo(_ bytes: [UInt8]) {
    do throws(MetainfoError) {
        let metainfo = try Metainfo(parsing: bytes)
        _ = metainfo.encoded()
        _ = metainfo.plan?.pieceCount
        if case .manifest = metainfo { precondition(metainfo.encoded() == bytes) }
    } catch { return }
}

private func parseTree(_ bytes: [UInt8]) {
    do throws(TreeError) {
        let tree = try unsafe TreeManifest(parsing: bytes.span.bytes)
        precondition(tree.encoded() == bytes)
        _ = tree.fingerprint
        guard tree.geometry.pieceCount > 0 else { return }
        _ = tree.stretches(of: PieceIndex(tree.geometry.pieceCount - 1))
    } catch { return }
}

private func parseClassicInput(_ bytes: [UInt8]) {
    do throws(ClassicInputError) { _ = try ClassicInput(parsing: bytes) } catch { return }
}

private func parseChokingInput(_ bytes: [UInt8]) {
    do throws(ChokingInputError) { _ = try ChokingTerms(parsing: bytes) } catch {
        precondition(error.line ?? 1 > 0)
    }
    do throws(ChokingInputError) { _ = try ChokingRoster(parsing: bytes) } catch { return }
}

private func parseSurvey(_ bytes: [UInt8]) {
    do throws(WireError) {
        let survey = try unsafe Survey(parsing: bytes.span.bytes)
        precondition(survey.encoded() == bytes)
    } catch { return }
}

private func parseOrder(_ bytes: [UInt8]) {
    do throws(WireError) {
        let order = try unsafe StageOrder(parsing: bytes.span.bytes)
        precondition(order.encoded() == bytes)
    } catch { return }
}

private func parseDescribedList(_ bytes: [UInt8]) {
    do throws(WireError) {
        let list = try DescribedList.parsing(bytes)
        precondition(DescribedList.encoded(list.tree, list.loose) == bytes)
    } catch { return }
}

/// A message for each reader, and its tail as every list that a tail can be.
private func parseMessage(_ bytes: [UInt8]) {
    for tag in Tag.allCases {
        do throws(WireError) {
            let message = try unsafe Message(parsing: bytes.span.bytes, tag: tag)
            var head = [UInt8](repeating: 0, count: Head.byteCount)
            unsafe head.withUnsafeMutableBytes { memory in
                var span = unsafe MutableRawSpan(_unsafeBytes: memory)
                var described = message.head
                described.tailCount = bytes.count - Head.byteCount
                described.encode(into: &span)
            }
            precondition(head == Array(bytes.prefix(Head.byteCount)))
        } catch { continue }
    }
    for count in UInt32(0)..<3 {
        read(bytes, count, FileListEntry.self)
        read(bytes, count, ReportEntry.self)
        read(bytes, count, CatalogEntry.self)
        read(bytes, count, RollEntry.self)
    }
}

private func read<Entry: TailEntry>(_ bytes: [UInt8], _ count: UInt32, _: Entry.Type) {
    do throws(WireError) {
        let entries = try unsafe Entry.reading(bytes.span.bytes, count: count)
        var written: [UInt8] = []
        for entry in entries { entry.write(to: &written) }
        precondition(written == bytes)
    } catch { return }
}
