/// The words of type names that need no entry in docs/glossary.md: an engineer knows them, or a
/// dictionary has them in the meaning that is meant.
private let ordinaryWords = """
    account action aim algorithm alive alteration announcement answer archive area arity arrival
    ask asked attribute audience axis backlog backoff barrier bit board body bound branches buffer
    byte cache calendar call cancellation candidate carrier chance change chart check checked
    checksum checkup child choice choking classic clean client clock code collect collected
    collector command common complaint completed completion confirmation conflict connection
    constraint control conversation coordinating copy count
    cursor cutting date dead death deed delay described description descriptor destination
    device diagnosis difference digested digester digesting disk dispatch doctor document
    download downloader draft drawn early element end ending endpoint ends entry environment
    error exchange exit extra failure fair fetch fetched fetching field figure filter finding
    finished first flow foreign format found gate geometry get given glob gone graph group
    grouping growing hasher heap held help home hook host identity idle index initialised input
    inquiry
    interest inventory ix journal key kind last latency latest launch launcher layout lazy lead left
    leftover length letter level library line list lister listing local lock log look loop loose
    checked checksum common coordinating difference end extra glob hook losses make manual mark
    member memory message meter metric model mpi name named naming need nested network news node
    note number obstacle open opened operand option origin out outcome outgoing output owned owner
    owning pace page parsed parser part participating path patience pattern payload pending
    person phase pipe place placeholder plan pm policy pool post posted preparation presence
    preserved printer prior probe process program progress promised publication published
    purpose query question queue random range rare rarest rarity rate reach read reader
    readiness reading reason receive received receiver recent record recovering refusal relative
    relay remains remote removal repeats
    repetitions reported reporter request response ring robin role
    room root round row rule run runner runtime safety sample scanner scheme screen script
    search selector sending sentences sequential serve served server serving session set
    settings shape share shared sharing shell show side sign signal signature simulate simulated
    simulation single site size slot slurm socket sourcing spawn spot stage staged staging stall
    stamp
    standard start status step stepped stock storage stream stretch subject summary surroundings
    surveyor syntax system table tag taken talk target task temporary terminal terms text thread
    throttle throughput ticket timing token torrent totals trace tracking transfer trap trouble
    trust turn unpacked unread unused upload uploader urgency usage value verdict verify version
    view violation waiter waiting walk want warning watch watcher way wire word work worker world
    write
    writer writing written xxh elf executable image linkage linked loaded loader sbcast compression
    """

/// Every word of a type name is in the glossary or in the list of ordinary words; a plural counts
/// as its singular.
func nameFindings(_ file: SourceFile, glossary: Set<String>) -> [Finding] {
    guard file.isSource else { return [] }
    let known = glossary.union(ordinaryWords.split(whereSeparator: \.isWhitespace).map(String.init))
    return file.code.indices.flatMap { index in
        declaredTypes(in: file.code[index]).flatMap { type in
            words(of: type).filter { known.isDisjoint(with: singulars(of: $0)) }.map {
                file.finding(
                    index, "'\($0)' in \(type) is neither in docs/glossary.md nor an ordinary word")
            }
        }
    }
}

/// A type that is thrown is named for that; a flaw or a reason inside it is not.
func errorNameFindings(_ file: SourceFile) -> [Finding] {
    guard file.isSource else { return [] }
    return file.code.indices.flatMap { index in
        let line = file.code[index]
        let conforms = line.split(separator: ":").dropFirst()
            .contains { $0.split(whereSeparator: { !isIdentifier($0) }).contains("Error") }
        return declaredTypes(in: line).filter { conforms && !$0.hasSuffix("Error") }.map {
            file.finding(index, "\($0) is thrown, so its name ends with Error")
        }
    }
}

/// The words in the first column of the table, in lower case.
func glossaryWords(_ page: String) -> Set<String> {
    var words: Set<String> = []
    for line in page.split(separator: "\n") where line.hasPrefix("| ") {
        let term = line.dropFirst(2).prefix { $0 != "|" }
        for part in term.split(whereSeparator: { !$0.isLetter }) { words.formUnion(split(part)) }
    }
    return words
}

private func declaredTypes(in line: String) -> [String] {
    let keywords: Set<Substring> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
    let parts = line.split(whereSeparator: { !isIdentifier($0) })
    return zip(parts, parts.dropFirst()).compactMap { keyword, name in
        keywords.contains(keyword) && name.first?.isUppercase == true ? String(name) : nil
    }
}

private func words(of type: String) -> [String] {
    type.split(whereSeparator: { !$0.isLetter }).flatMap { split($0) }
}

/// `MPIEndpoint` is `mpi` and `endpoint`: a run of capitals is a word, but for its last letter if a
/// small one follows.
private func split(_ name: Substring) -> [String] {
    var words: [String] = []
    let letters = Array(name)
    for (index, letter) in letters.enumerated() {
        let follows = index > 0 && letters[index - 1].isLowercase
        let leads = index + 1 < letters.count && letters[index + 1].isLowercase
        if index == 0 || letter.isUppercase && (follows || leads) { words.append("") }
        words[words.count - 1] += letter.lowercased()
    }
    return words.filter { $0.count > 1 }
}

private func singulars(of word: String) -> Set<String> {
    var forms: Set<String> = [word]
    if word.hasSuffix("s") { forms.insert(String(word.dropLast())) }
    if word.hasSuffix("es") { forms.insert(String(word.dropLast(2))) }
    if word.hasSuffix("ies") { forms.insert(word.dropLast(3) + "y") }
    return forms
}
