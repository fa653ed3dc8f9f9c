/// The subject of a group of options. Help and man pages print the groups in this order.
package enum OptionGroup: String, CaseIterable, Hashable, Sendable {
    case what = "What"
    case `where` = "Where"
    case how = "How"
    case limits = "Limits"
    case output = "Output"
    case trackers = "Trackers"
}
