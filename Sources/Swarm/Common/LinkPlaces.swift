/// The number of pieces that a rank sends at once, and takes at once, where links take no more than
/// they give.
///
/// The two numbers are equal: if a rank took fewer pieces than it sends, or more, several sends
/// would meet at some receivers while the links of others were idle. In the simulator, with links
/// alike in both directions and 400 pieces, the last of 7 and of 50 peers finished after 1.04 and
/// 1.05 times the least possible time with three and three, after 1.13 and 1.14 with three to send
/// and four to take, and after 1.43 and 1.24 with two to take. One of each leaves a link idle while
/// the next piece is being arranged (1.06 and 1.09). Four of each gain less than a hundredth, and
/// need one more buffer at both ends.
enum LinkPlaces {
    static let count = 3
}
