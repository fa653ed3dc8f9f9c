/// The number of pieces that a rank sends at once, and takes at once, where links take no more than
/// they give.
///
/// The two numbers are equal: if a rank took fewer pieces than it sends, or more, several sends
/// would meet at some receivers while the links of others were idle. In the simulator, with links
/// of 25 Gbit/s and 50 us, the last of 50 peers finishes after 1.05 times the least possible time
/// with eight of each, and after 1.22 with eight and four.
///
/// While the next piece is being arranged, a place is empty for as long as a message takes there,
/// back, and there again: the more places there are, the smaller is that part of the link. But the
/// more pieces share it, the later the first of them can be passed on. Six are best or nearly best
/// from a latency of a hundredth to one of a third of the time that a piece takes: with the 25
/// Gbit/s above the ratio is 1.14 with three, 1.09 with four, and 1.06 with six. Where there is
/// next to no latency, four are better by one hundredth.
package enum LinkPlaces {
    package static let count = 6
}
