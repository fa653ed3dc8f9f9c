package import Vocabulary

/// The reason why a job cannot begin at all.
package enum StageError: Error, Equatable, Sendable {
    case nowhere(source: String)
    /// No file that could be a described one is in the folders of the ranks.
    case nothingOf(description: String)
    /// The reason that a rank gave, in its own words.
    case rank(Rank, String)
    /// Both ranks see a file of that name, but not the same file.
    case disagreement(path: RelativePath, Rank, Rank)
    /// Several sources have the same name.
    case sameName(RelativePath)
    /// The sum of all files, or the number of pieces, is beyond what can be described.
    case tooMuch
    /// A listing that makes no sense came from that rank.
    case badListing(Rank)
    case noReceiver
    /// The folder of libraries beside the copy of that rank would have a name that is too long.
    case longName(Rank, String)
    /// The dynamic loader cannot search the folder of libraries of that rank, because its path has
    /// this text, which has another meaning in LD_LIBRARY_PATH.
    case unsearchable(Rank, path: String, text: String)
    /// Entries that no SOURCE has are to be removed, and no SOURCE is a folder.
    case noFolder
    /// Entries that no SOURCE has are to be removed, and a SOURCE has none at all.
    case empty(source: String)
    /// Another job stages to the destination of that rank.
    case busy(Rank, path: String)
    /// That rank may not read some of what it lists.
    case unreadable(Rank, LeftOut)
    /// No rank has them, although the command line names them.
    case missing(LeftOut)
    /// No rank has this file of the description, nor `more` others.
    case incomplete(path: RelativePath, more: Int)
    /// Entries of several ranks would get the same path.
    case conflicts(CollectConflicts)
}
