package import Vocabulary

/// What a user, or a watched folder, tells a downloader while the job runs.
package enum LiveOrder: Equatable, Sendable {
    /// These files are there, and can be had.
    case share([Share.Owned])
    /// The same bytes as ever, in a file that was not for a while what it had been.
    case renew(Share.Owned)
    case unshare([Share.Gone])
    /// These files were found, and it takes long to read them: they are shared when that is done.
    case reading([Share.Reading])
    /// They will not be.
    case notReading([RelativePath])
    /// What lay in the folders at first is shared, or being read.
    case looked
    case get(GetOrder)
    case catalog(OrderTicket)
    /// Who is there, or who is a seed of that content.
    case roll(OrderTicket, of: ContentID)
    /// Which pieces of that content a rank has.
    case holding(OrderTicket, of: ContentID, at: Rank)
    /// Whoever runs the job is to read it.
    case warn(String)
    case status(OrderTicket)
    case join(OrderTicket)
    case leave(OrderTicket)
    case shutdown
}

/// A file that a user wants.
package struct GetOrder: Equatable, Sendable {
    package enum Choice: Equatable, Sendable {
        case name(RelativePath)
        case content(ContentID)
    }

    package let ticket: OrderTicket
    package let choice: Choice
    /// The only rank that it may come from; nil where all are asked that have it.
    package let source: Rank?

    package init(ticket: OrderTicket, choice: Choice, source: Rank? = nil) {
        self.ticket = ticket
        self.choice = choice
        self.source = source
    }

    /// A content stands under its number until its name is known.
    var name: RelativePath {
        switch choice {
        case .name(let name): return name
        case .content(let content):
            do throws(PathFlaw) { return try RelativePath(content.description) } catch {
                preconditionFailure("digits are a name")
            }
        }
    }
}
