// Reading archives. Names in archives are bytes; the library decodes some of them by the locale of
// the thread, and without one that knows UTF-8 it has no name for `ä`.
#ifndef MPISWARM_CARCHIVE_SHIM_H
#define MPISWARM_CARCHIVE_SHIM_H
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

// Swift imports no macros with casts.
enum carchive_kind {
    carchive_file, carchive_folder, carchive_link, carchive_special
};
static inline int carchive_kind(struct archive_entry *entry) {
    switch (archive_entry_filetype(entry)) {
    case AE_IFREG: return carchive_file;
    case AE_IFDIR: return carchive_folder;
    case AE_IFLNK: return carchive_link;
    default: return carchive_special;
    }
}
// The formats and filters that are read, and none that would start a program: 0 where all are.
static inline int carchive_support(struct archive *archive) {
    return archive_read_support_format_tar(archive) | archive_read_support_format_zip(archive)
        | archive_read_support_format_cpio(archive) | archive_read_support_filter_gzip(archive)
        | archive_read_support_filter_bzip2(archive) | archive_read_support_filter_xz(archive)
        | archive_read_support_filter_zstd(archive);
}
// Whether the bytes of entries are in the file as they are, unless `carchive_open_gzip` reads it.
static inline bool carchive_is_plain_tar(struct archive *archive) {
    return archive_filter_count(archive) == 1
        && (archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
}
// A gzip file is decompressed here: the library's own filter does not compare the checksum and the
// length at the end.
struct carchive_gzip {
    gzFile file;
    size_t capacity;
    char bytes[];
};
static inline bool carchive_is_gzip(int descriptor) {
    unsigned char start[2];
    return pread(descriptor, start, 2, 0) == 2 && start[0] == 0x1f && start[1] == 0x8b;
}
// The next bytes; 0 at the end, and -1 with the reason in `archive` for a damaged or cut file.
static inline la_ssize_t carchive_read_gzip(
    struct archive *archive, void *data, const void **bytes) {
    struct carchive_gzip *gzip = data;
    *bytes = gzip->bytes;
    int count = gzread(gzip->file, gzip->bytes, (unsigned)gzip->capacity);
    if (count > 0) return count;
    int code = Z_OK;
    const char *words = gzerror(gzip->file, &code);
    if (count == 0 && (code == Z_OK || code == Z_STREAM_END)) return 0;
    archive_set_error(
        archive, EILSEQ, "%s",
        code == Z_BUF_ERROR ? "the gzip file is cut off" : words);
    return -1;
}
static inline int carchive_close_gzip(struct archive *archive, void *data) {
    struct carchive_gzip *gzip = data;
    gzclose(gzip->file);
    free(gzip);
    return ARCHIVE_OK;
}
// Opens a gzip file. `*opened` is for `carchive_end_gzip`, and is freed with the archive.
static inline int carchive_open_gzip(
    struct archive *archive, int descriptor, size_t capacity, void **opened) {
    struct carchive_gzip *gzip = malloc(sizeof *gzip + capacity);
    int copy = dup(descriptor);
    if (gzip == NULL || copy < 0 || (gzip->file = gzdopen(copy, "rb")) == NULL) {
        if (copy >= 0) close(copy);
        free(gzip);
        archive_set_error(archive, ENOMEM, "out of memory");
        return ARCHIVE_FATAL;
    }
    gzip->capacity = capacity;
    gzbuffer(gzip->file, (unsigned)capacity);
    *opened = gzip;
    return archive_read_open(archive, gzip, NULL, carchive_read_gzip, carchive_close_gzip);
}
// Reads what follows the last entry, with the checksum at the end. Returns false if it is wrong.
static inline bool carchive_end_gzip(struct archive *archive, void *opened) {
    const void *bytes;
    la_ssize_t count;
    while ((count = carchive_read_gzip(archive, opened, &bytes)) > 0) {}
    return count == 0;
}
// The number of bytes of the file that were read so far.
static inline long long carchive_place(struct archive *archive, void *opened) {
    if (opened) return gzoffset(((struct carchive_gzip *)opened)->file);
    return archive_filter_bytes(archive, -1);
}
// Null where the system has no locale that knows UTF-8. Making one costs more than reading a small
// entry, because it maps files of the system.
static inline void *carchive_make_locale(void) {
    return newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}
static inline void carchive_free_locale(void *made) {
    if (made) freelocale((locale_t)made);
}
// Returns the locale that the thread had.
static inline void *carchive_begin_names(void *made) {
    return made ? uselocale((locale_t)made) : (locale_t)0;
}
static inline void carchive_end_names(void *before, void *made) {
    if (made) uselocale((locale_t)before);
}
#endif
