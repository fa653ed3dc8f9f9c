// A disk that fails on one rank, for tests: preloaded, it makes calls on files below one path fail.
//
//     cc -shared -fPIC -O2 -Wall -Werror -o faulty_disk.so faulty_disk.c
//     export FAULTY_DISK_RANK=2 FAULTY_DISK_UNDER=/scratch FAULTY_DISK_CALLS=pwrite
//     mpirun -x LD_PRELOAD=$PWD/faulty_disk.so ... mpiswarm stage ...
//
// mpirun on one machine passes its whole environment on; to other nodes it needs -x NAME for each.
//
//     FAULTY_DISK_RANK    the rank whose disk fails (default: every rank's)
//     FAULTY_DISK_UNDER   files at or below this path, as the kernel names them
//                         (default: any file; a relative path matches nothing)
//     FAULTY_DISK_CALLS   which calls, with commas between: pread pwrite read write fsync
//                         fdatasync syncfs ftruncate fallocate copy_file_range (default: pread,
//                         pwrite)
//     FAULTY_DISK_FROM    the first of those calls that fails, counted from 1 (default: 1)
//     FAULTY_DISK_COUNT   how many of them fail (default: all from there on)
//     FAULTY_DISK_HOW     EIO, ENOSPC, ESTALE, EACCES, EDQUOT: the call fails with that (default:
//                         EIO); short: it transfers half; flip: what is read has one wrong bit;
//                         end: what is read ends, as in a file that was cut
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum how { FAILS, SHORT, FLIP, END };

static int is_ours;
static enum how how = FAILS;
static int error_number = EIO;
static long first = 1;
static long count = -1;
static const char *under = "";
static const char *calls = "pread,pwrite";
static atomic_long seen;

static const char *setting(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

__attribute__((constructor)) static void begin(void) {
    static const struct { const char *name; int number; } errors[] = {
        {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"ESTALE", ESTALE}, {"EACCES", EACCES},
        {"EDQUOT", EDQUOT},
    };
    const char *rank = setting("OMPI_COMM_WORLD_RANK", setting("PMIX_RANK", ""));
    const char *wanted = setting("FAULTY_DISK_RANK", rank);
    is_ours = *rank && strcmp(rank, wanted) == 0;
    under = setting("FAULTY_DISK_UNDER", "");
    calls = setting("FAULTY_DISK_CALLS", calls);
    first = atol(setting("FAULTY_DISK_FROM", "1"));
    count = atol(setting("FAULTY_DISK_COUNT", "-1"));
    const char *word = setting("FAULTY_DISK_HOW", "EIO");
    if (strcmp(word, "short") == 0) how = SHORT;
    if (strcmp(word, "flip") == 0) how = FLIP;
    if (strcmp(word, "end") == 0) how = END;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (strcmp(word, errors[i].name) == 0) error_number = errors[i].number;
    }
}

static int is_listed(const char *call) {
    size_t length = strlen(call);
    for (const char *at = calls; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, call, length) == 0 && (at[length] == ',' || !at[length])) return 1;
    }
    return 0;
}

static int is_under(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    size_t prefix = strlen(under);
    while (prefix > 1 && under[prefix - 1] == '/') prefix--;
    if (prefix == 0) return path[0] == '/';
    return strncmp(path, under, prefix) == 0 && (path[prefix] == '/' || !path[prefix]);
}

// Whether this call is one of those that fail.
static int strikes(const char *call, int file) {
    if (!is_ours || !is_listed(call)) return 0;
    int error = errno;
    int matches = is_under(file);
    errno = error;
    if (!matches) return 0;
    long number = atomic_fetch_add(&seen, 1) + 1;
    return number >= first && (count < 0 || number < first + count);
}

static ssize_t fail(void) {
    errno = error_number;
    return -1;
}

#define REAL(name, ...)                                                                         \
    static __VA_ARGS__ *real_##name;                                                            \
    if (!real_##name) real_##name = (__VA_ARGS__ *)dlsym(RTLD_NEXT, #name)

typedef ssize_t read_at(int, void *, size_t, off_t);
typedef ssize_t write_at(int, const void *, size_t, off_t);
typedef ssize_t read_next(int, void *, size_t);
typedef ssize_t write_next(int, const void *, size_t);
typedef int with_file(int);
typedef int with_size(int, off_t);
typedef int allocating(int, int, off_t, off_t);
typedef ssize_t copying(int, off_t *, int, off_t *, size_t, unsigned);

static size_t half(size_t size) { return size > 1 ? size / 2 : size; }

static ssize_t flipped(void *bytes, ssize_t size) {
    if (size > 0) ((unsigned char *)bytes)[size / 2] ^= 0x10;
    return size;
}

// `cut` is the call with half its size, `whole` with all of it.
#define READING(call, cut, whole)                                                               \
    if (!strikes(call, file)) return whole;                                                     \
    if (how == SHORT) return cut;                                                               \
    if (how == FLIP) return flipped(bytes, whole);                                              \
    if (how == END) return 0;                                                                   \
    return fail()

#define WRITING(call, cut, whole)                                                               \
    if (!strikes(call, file)) return whole;                                                     \
    if (how == SHORT) return cut;                                                               \
    if (how != FAILS) return whole;                                                             \
    return fail()

ssize_t pread(int file, void *bytes, size_t size, off_t at) {
    REAL(pread, read_at);
    READING("pread", real_pread(file, bytes, half(size), at), real_pread(file, bytes, size, at));
}

ssize_t pread64(int file, void *bytes, size_t size, off_t at) {
    return pread(file, bytes, size, at);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at) {
    REAL(pwrite, write_at);
    WRITING(
        "pwrite", real_pwrite(file, bytes, half(size), at), real_pwrite(file, bytes, size, at));
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off_t at) {
    return pwrite(file, bytes, size, at);
}

ssize_t read(int file, void *bytes, size_t size) {
    REAL(read, read_next);
    READING("read", real_read(file, bytes, half(size)), real_read(file, bytes, size));
}

ssize_t write(int file, const void *bytes, size_t size) {
    REAL(write, write_next);
    WRITING("write", real_write(file, bytes, half(size)), real_write(file, bytes, size));
}

int fsync(int file) {
    REAL(fsync, with_file);
    return strikes("fsync", file) ? (int)fail() : real_fsync(file);
}

int fdatasync(int file) {
    REAL(fdatasync, with_file);
    return strikes("fdatasync", file) ? (int)fail() : real_fdatasync(file);
}

int syncfs(int file) {
    REAL(syncfs, with_file);
    return strikes("syncfs", file) ? (int)fail() : real_syncfs(file);
}

int ftruncate(int file, off_t size) {
    REAL(ftruncate, with_size);
    return strikes("ftruncate", file) ? (int)fail() : real_ftruncate(file, size);
}

int ftruncate64(int file, off_t size) { return ftruncate(file, size); }

int fallocate(int file, int mode, off_t at, off_t size) {
    REAL(fallocate, allocating);
    return strikes("fallocate", file) ? (int)fail() : real_fallocate(file, mode, at, size);
}

int fallocate64(int file, int mode, off_t at, off_t size) {
    return fallocate(file, mode, at, size);
}

ssize_t copy_file_range(
    int file, off_t *at, int target, off_t *target_at, size_t size, unsigned flags) {
    REAL(copy_file_range, copying);
    if (strikes("copy_file_range", target)) return fail();
    return real_copy_file_range(file, at, target, target_at, size, flags);
}
