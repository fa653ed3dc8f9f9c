import Testing

@testable import Storage

struct EntryTableTests {
    private func table(_ places: EntryState.Place...) -> EntryTable {
        EntryTable(places.map { EntryState(place: $0) })
    }

    @Test func onlyAGrowingEntryLosesItsDateByAWrite() {
        let table = table(.absent, .right)
        table.made(0, isDated: true)
        table.dated(1)
        #expect(table.willWrite(to: 0) == .absent)
        #expect(table.willWrite(to: 1) == .right)
        #expect(!table[0].isDated)
        #expect(table[1].isDated)
    }

    @Test func aClonedFileGrowsAndCanBeRead() {
        let table = table(.doubted)
        table.dated(0)
        #expect(table[0].isThere)
        table.cloned(0)
        #expect(table.grows(0) && table[0].isThere)
        #expect(!table[0].isDated, "its bytes are about to change")
    }

    @Test func aLostEntryHasNeitherBytesNorDate() {
        let table = table(.replaced)
        table.made(0, isDated: true)
        table.lost(0)
        #expect(!table[0].isThere && !table[0].isDated)
        #expect(table.grows(0))
    }

    @Test func onlyBelievedEntriesAreDoubted() {
        let table = table(.right, .absent, .replaced)
        table.doubt(0..<3)
        #expect(table.all.map(\.place) == [.doubted, .absent, .replaced])
    }

    @Test(arguments: [
        (EntryState.Place.right, EntryState.Place.replaced, EntryState.Place.replaced),
        (.right, .right, .right), (.absent, .replaced, .absent), (.doubted, .replaced, .doubted),
    ])
    func aNameIsRenewedOnlyIfItsFileGrows(
        _ name: EntryState.Place, _ file: EntryState.Place, _ expected: EntryState.Place
    ) {
        let table = table(name, file)
        table.renew(0, of: 1)
        #expect(table[0].place == expected)
    }

    @Test func entriesThatCannotBeMovedKeepTheirPlaces() throws {
        let table = table(.absent, .replaced, .absent)
        try table.settle(0..<2)
        #expect(table.all.map(\.place) == [.right, .right, .absent])
        #expect(throws: StorageError.self) {
            try table.settle(2..<3) { () throws(StorageError) in
                throw .altered(path: "/tmp/a")
            }
        }
        #expect(table.grows(2))
    }
}
