package import Vocabulary

/// An order to a downloader while the job runs, by a user or a watched folder.
package enum LiveOrder: Equatable, Sendable {
    /// Offer these files.
    case share([Share.Owned])
    /// The file changed for a while, and has its former bytes again.
    case renew(Share.Owned)
    case unshare([Share.Gone])
    /// Describe these contents, whose manifests this rank has made just now.
    case describe([Share.Owned])
    /// These files were found and are being digested, which takes time: they are shared after that.
    case reading([Share.Reading])
    /// These files will not be shared after all.
    case notReading([RelativePath])
    /// The files that lay in the folders at first are shared, or being digested.
    case looked
    case get(GetOrder)
    case catalog(OrderTicket)
    /// List all ranks, or the seeds of that content.
    case roll(OrderTicket, of: ContentID)
    /// List the pieces of that content that a rank has.
    case holding(OrderTicket, of: ContentID, at: Rank)
    /// Print this text at rank 0.
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
    /// The only rank that may send it; nil if every rank that has it may.
    package let source: Rank?

    package init(ticket: OrderTicket, choice: Choice, source: Rank? = nil) {
        self.ticket = ticket
        self.choice = choice
        self.source = source
    }

    /// A content is named by its ID until its name is known.
    var name: RelativePath {
        switch choice {
        case .name(let name): return name
        case .content(let content):
            do throws(PathError) { return try RelativePath(content.description) } catch {
                preconditionFailure("digits are a name")
            }
        }
    }
}
