@testable import Swarm

extension Uploader {
    var contents: [ServedContent] { audience.contents }
    var links: [LinkRow] { audience.links }
    var linkRoster: Roster { audience.roster }
    var choker: any Choker { audience.choker }
    var sends: [SendRow] { dispatch.sends }
    var activeSends: Int { dispatch.activeSends }
    var offers: [OfferRow] { dispatch.offers.rows }
    var sharesLinks: Bool { dispatch.sharesLinks }
}
