import Vocabulary

/// The completions of disk operations, as events.
extension NetworkState {
    /// Needs no event for an immediate completion: the node asks in this step, or is stepped again.
    mutating func diskWillDo(_ endpoint: UInt32, at due: Tick) {
        if due <= now {
            endpoints.addDiskNews(endpoint)
        } else {
            queue.schedule(.disk, endpoint, at: due)
        }
    }

    mutating func diskDid(_ endpoint: UInt32) {
        endpoints.addDiskNews(endpoint)
        endpoints.markReady(endpoint)
    }

    /// For each kind of fault, the number of times that it had an effect here or on a disk.
    var firedCounts: [Int] {
        var fired = fired
        for disk in disks {
            fired[FaultKind.shortWrite.rawValue] += disk.shortWrites
            fired[FaultKind.failingDisk.rawValue] += disk.failedWrites
            fired[FaultKind.fullDisk.rawValue] += disk.fullWrites
            fired[FaultKind.bitRot.rawValue] += disk.rottenReads
            fired[FaultKind.unreadable.rawValue] += disk.failedReads
        }
        return fired
    }

    var isAnySpoilt: Bool { contents.contains { isSpoilt($0.content) } }

    /// Whether a sealed table has a digest of spoilt bytes that no living rank has.
    func isSpoilt(_ content: ContentID) -> Bool {
        contentTable.sealedTables(of: content).contains { table in
            table.spoiltPieces.contains { piece in
                !disks.indices.contains { rank in
                    !isDead[rank]
                        && disks[rank].version(of: piece, of: content) == SimulatedPayload.spoilt
                }
            }
        }
    }
}
