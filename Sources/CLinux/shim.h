// What Glibc's Swift overlay lacks: GNU extensions, and macros it cannot import. Nothing here may
// bring in `struct stat`, as fcntl.h does: files that import both modules would find it in either.
#ifndef MPISWARM_CLINUX_SHIM_H
#define MPISWARM_CLINUX_SHIM_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include <errno.h>
#include <stdbool.h>
#if __has_include(<linux/openat2.h>)
#include <linux/openat2.h>
#endif

static inline char **clinux_environment(void) { return environ; }
static inline int clinux_exited(int status) { return WIFEXITED(status); }
static inline int clinux_exit_code(int status) { return WEXITSTATUS(status); }
static inline int clinux_signaled(int status) { return WIFSIGNALED(status); }
static inline int clinux_signal(int status) { return WTERMSIG(status); }
static inline int clinux_name_process(const char *name) { return prctl(PR_SET_NAME, name); }
static inline long clinux_file_system_type(int descriptor) {
    struct statfs status;
    return fstatfs(descriptor, &status) == 0 ? (long)status.f_type : -1;
}
static inline long clinux_file_system_type_of(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (long)status.f_type : -1;
}
// The user as whom this thread opens files. sys/fsuid.h brings in types that Glibc's overlay has too.
static inline int clinux_open_files_as(unsigned user) { return (int)syscall(SYS_setfsuid, user); }
static inline int clinux_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }
static inline int clinux_name_thread(const char *name) {
    return pthread_setname_np(pthread_self(), name);
}
static inline pid_t clinux_signal_sender(const siginfo_t *info) { return info->si_pid; }
static inline void clinux_exit_by_code(int signal) { _exit(128 + signal); }
// From now on the signal ends this process as an exit does, with the code that a shell would report.
// A signal that is ignored stays so.
static inline void clinux_turn_into_exit(int signal) {
    struct sigaction now, exits = {.sa_handler = clinux_exit_by_code};
    if (sigaction(signal, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
        sigaction(signal, &exits, NULL);
}
// F_SETLEASE of F_WRLCK, whose names come with fcntl.h: granted where no other process has it open.
static inline int clinux_take_lease(int descriptor) {
    return (int)syscall(SYS_fcntl, descriptor, 1024, 1);
}
static inline int clinux_pidfd_open(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}
static inline int clinux_signal_process(int descriptor, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, signal, (void *)0, 0u);
}
// Shares a descriptor of that process, where the kernel lets this one trace it.
static inline int clinux_descriptor_of(int process, int descriptor) {
#ifdef SYS_pidfd_getfd
    return (int)syscall(SYS_pidfd_getfd, process, descriptor, 0u);
#else
    return -1;
#endif
}
// For a process that nothing is to wait for. Before Linux 5.9 the kernel has no call for it.
static inline void clinux_close_but(int kept) {
#ifdef SYS_close_range
    if (syscall(SYS_close_range, 3u, (unsigned)kept - 1, 0u) == 0 || kept == 3) {
        if (syscall(SYS_close_range, (unsigned)kept + 1, ~0u, 0u) == 0) return;
    }
#endif
    for (int descriptor = 3; descriptor < 4096; descriptor++) {
        if (descriptor != kept) close(descriptor);
    }
}
// POSIX_SPAWN_SETSID of spawn.h, which is a name of GNU's.
static const short clinux_spawn_in_session = 0x80;
// Opens what lies beneath the folder, through no link at all. ENOSYS before Linux 5.6. The kernel
// wants no rights where nothing is made.
static inline int clinux_open_beneath(int folder, const char *path, int flags, unsigned mode) {
#if defined(RESOLVE_BENEATH) && defined(SYS_openat2)
    struct open_how how = {
        .flags = (unsigned)flags,
        .mode = mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
#else
    errno = ENOSYS;
    return -1;
#endif
}
// A network file system may answer from what it knew some time ago. This asks the server for the
// state of an entry (statx of Linux 4.11, AT_STATX_FORCE_SYNC and AT_SYMLINK_NOFOLLOW); what else
// fails shows in the next call.
static inline void clinux_ask_server(int folder, const char *name) {
#ifdef SYS_statx
    _Alignas(8) char state[256];
    int code = errno;
    syscall(SYS_statx, folder, name, 0x2100, 0x7ffu, state);
    errno = code;
#endif
}
// A socket of that name in the abstract namespace, which one process of the host has at a time and
// the kernel takes back from a dead one; sys/un.h brings in types that Glibc's overlay has too.
static inline int clinux_claim_name(const char *name) {
    struct { unsigned short family; char path[108]; } address = { .family = 1 };
    unsigned length = 0;
    while (name[length] && length < sizeof address.path - 1) {
        address.path[length + 1] = name[length];
        length++;
    }
    int claim = (int)syscall(SYS_socket, 1, 2 | 02000000, 0);
    if (claim == -1) return -1;
    if (syscall(SYS_bind, claim, &address, sizeof address.family + 1 + length) == 0) return claim;
    int code = errno;
    close(claim);
    errno = code;
    return -1;
}
// UTIME_OMIT of sys/stat.h: this time stays as it is.
static const long clinux_time_omitted = (1l << 30) - 2;
static inline int clinux_sync_file_system(int descriptor) {
    return (int)syscall(SYS_syncfs, descriptor);
}
// FICLONE: the two files share their blocks from now on, where the file system can do that.
static inline int clinux_clone(int from, int to) {
    return (int)syscall(SYS_ioctl, to, 0x40049409ul, from);
}
static inline long clinux_copy_range(
    int from, long long *from_offset, int to, long long *to_offset, size_t count) {
    return syscall(SYS_copy_file_range, from, from_offset, to, to_offset, count, 0u);
}
// The calls of sys/xattr.h, which brings in types that clash with those of Glibc's overlay.
static inline long clinux_attribute_names(int descriptor, char *names, size_t count) {
    return syscall(SYS_flistxattr, descriptor, names, count);
}
static inline long clinux_attribute(
    int descriptor, const char *name, char *value, size_t count) {
    return syscall(SYS_fgetxattr, descriptor, name, value, count);
}
static inline int clinux_set_attribute(
    int descriptor, const char *name, const void *value, size_t count) {
    return (int)syscall(SYS_fsetxattr, descriptor, name, value, count, 0);
}
static inline int clinux_remove_attribute(int descriptor, const char *name) {
    return (int)syscall(SYS_fremovexattr, descriptor, name);
}
// RENAME_NOREPLACE: EEXIST where something has that name already.
static inline int clinux_rename_new(
    int old_folder, const char *old_name, int new_folder, const char *new_name) {
    return (int)syscall(SYS_renameat2, old_folder, old_name, new_folder, new_name, 1u);
}
// A queue of what happens in folders, which never keeps its reader waiting.
static inline int clinux_watch_queue(void) { return inotify_init1(IN_NONBLOCK | IN_CLOEXEC); }
// A folder itself, never what a link leads to.
static inline int clinux_watch(int queue, const char *path) {
    return inotify_add_watch(
        queue, path,
        IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO |
            IN_DELETE | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK);
}
static inline int clinux_unwatch(int queue, int watch) { return inotify_rm_watch(queue, watch); }
// Whether the kernel lets a process call process_vm_readv at all; a container may forbid it even for
// the process's own memory, which is what is read here.
static inline int clinux_may_copy_memory(void) {
    char from = 1, to = 0;
    struct { void *start; size_t count; } here = {&to, 1}, there = {&from, 1};
    return syscall(SYS_process_vm_readv, getpid(), &here, 1ul, &there, 1ul, 0ul) == 1;
}
// A counter that a thread can wait for; sys/eventfd.h brings in types that Glibc's overlay has too.
// Reading it takes it back to zero.
static inline int clinux_event_counter(void) {
    return (int)syscall(SYS_eventfd2, 0u, 02000000 | 04000);
}
static inline void clinux_count_event(int counter) {
    unsigned long long one = 1;
    (void)!write(counter, &one, sizeof one);
}
static inline void clinux_take_events(int counter) {
    unsigned long long count;
    (void)!read(counter, &count, sizeof count);
}
// struct pollfd, whose header brings in types that Glibc's overlay has too.
typedef struct {
    int descriptor;
    short wanted, found;
} clinux_watched_descriptor;
static inline clinux_watched_descriptor clinux_watched(
    int descriptor, bool receives, bool sends) {
    short wanted = (short)((receives ? 1 : 0) | (sends ? 4 : 0));
    clinux_watched_descriptor watched = {descriptor, wanted, 0};
    return watched;
}
// How many descriptors are ready: to be read, or, where bytes wait for that, to be written to.
static inline int clinux_wait(
    clinux_watched_descriptor *watched, size_t count, long long nanoseconds) {
    struct { long long seconds, nanoseconds; } time = {
        nanoseconds / 1000000000, nanoseconds % 1000000000};
    return (int)syscall(SYS_ppoll, watched, count, &time, (void *)0, 8ul);
}
// The user of the process at the other end of a local socket; all ones where that is unknown.
static inline uid_t clinux_user_behind(int descriptor) {
    // sys/socket.h would bring in fd_set, which Glibc's overlay has otherwise.
    struct { pid_t process; uid_t user; gid_t group; } peer;
    unsigned length = sizeof peer;
    enum { socket_level = 1, peer_credentials = 17 };
    long code = syscall(
        SYS_getsockopt, descriptor, socket_level, peer_credentials, &peer, &length);
    return code == 0 ? peer.user : (uid_t)-1;
}

#endif
