/// An open file or folder that several threads use at once, none of them its position. Closed
/// when the last of them lets go.
final class SharedFile: Sendable {
    let file: OpenFile

    init(_ file: consuming OpenFile) { self.file = file }
}
