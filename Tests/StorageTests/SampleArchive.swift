import CArchive
import Content

@testable import Storage

/// An archive that a test writes, entry by entry, with whatever names it likes.
@safe final class SampleArchive {
    enum Format: CaseIterable { case tar, tarGzip, tarXz, tarZstd, tarBzip2, zip, cpio }

    private let archive: OpaquePointer
    static let date: Int = 1_600_000_000

    init(_ path: String, _ format: Format = .tar) {
        let made = unsafe archive_write_new()!
        switch format {
        case .zip: unsafe archive_write_set_format_zip(made)
        case .cpio: unsafe archive_write_set_format_cpio_newc(made)
        default: unsafe archive_write_set_format_pax_restricted(made)
        }
        switch format {
        case .tarGzip: unsafe archive_write_add_filter_gzip(made)
        case .tarXz: unsafe archive_write_add_filter_xz(made)
        case .tarZstd: unsafe archive_write_add_filter_zstd(made)
        case .tarBzip2: unsafe archive_write_add_filter_bzip2(made)
        case .tar, .zip, .cpio: break
        }
        precondition(unsafe archive_write_open_filename(made, path) == ARCHIVE_OK)
        unsafe archive = made
    }

    deinit { unsafe archive_write_free(archive) }

    func file(_ name: String, _ bytes: [UInt8], mode: UInt32 = 0o640) {
        unsafe add(name, 0o100000, mode, bytes) { _ in }
    }

    func file(_ name: String, _ text: String, mode: UInt32 = 0o640) {
        file(name, Array(text.utf8), mode: mode)
    }

    func folder(_ name: String, mode: UInt32 = 0o750) {
        unsafe add(name, 0o040000, mode, []) { _ in }
    }

    func link(_ name: String, to target: String) {
        unsafe add(name, 0o120000, 0o777, []) { unsafe archive_entry_set_symlink($0, target) }
    }

    func sameFile(_ name: String, as other: String) {
        unsafe add(name, 0o100000, 0o640, []) { unsafe archive_entry_set_hardlink($0, other) }
    }

    func pipe(_ name: String) { unsafe add(name, 0o010000, 0o640, []) { _ in } }

    /// A file with bytes in one place alone.
    func sparse(_ name: String, length: Int64, _ bytes: [UInt8], at offset: Int64) {
        let content =
            [UInt8](repeating: 0, count: Int(offset)) + bytes
            + [UInt8](repeating: 0, count: Int(length - offset) - bytes.count)
        unsafe add(name, 0o100000, 0o640, content) {
            unsafe archive_entry_sparse_add_entry($0, offset, Int64(bytes.count))
        }
    }

    private func add(
        _ name: String, _ kind: UInt32, _ mode: UInt32, _ bytes: [UInt8],
        _ set: (OpaquePointer) -> Void
    ) {
        let locale = unsafe carchive_make_locale()
        let before = unsafe carchive_begin_names(locale)
        defer {
            unsafe carchive_end_names(before, locale)
            unsafe carchive_free_locale(locale)
        }
        let entry = unsafe archive_entry_new()!
        defer { unsafe archive_entry_free(entry) }
        unsafe archive_entry_set_pathname(entry, name)
        unsafe archive_entry_set_filetype(entry, kind)
        unsafe archive_entry_set_perm(entry, mode)
        unsafe archive_entry_set_mtime(entry, Self.date, 0)
        unsafe archive_entry_set_size(entry, Int64(bytes.count))
        unsafe archive_entry_set_uid(entry, 12)
        unsafe archive_entry_set_gid(entry, 34)
        unsafe set(entry)
        let answer = unsafe archive_write_header(archive, entry)
        precondition(answer == ARCHIVE_OK || answer == ARCHIVE_WARN)
        if !bytes.isEmpty { unsafe archive_write_data(archive, bytes, bytes.count) }
    }
}
