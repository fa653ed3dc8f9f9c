// What Glibc's Swift overlay lacks: GNU extensions, and macros it cannot import.
#ifndef MPISWARM_CLINUX_SHIM_H
#define MPISWARM_CLINUX_SHIM_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include <errno.h>
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
static inline int clinux_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }
static inline int clinux_name_thread(const char *name) {
    return pthread_setname_np(pthread_self(), name);
}
static inline pid_t clinux_signal_sender(const siginfo_t *info) { return info->si_pid; }
static inline int clinux_pidfd_open(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}
// Opens what lies beneath the folder, through no link at all. ENOSYS before Linux 5.6.
static inline int clinux_open_beneath(int folder, const char *path, int flags) {
#if defined(RESOLVE_BENEATH) && defined(SYS_openat2)
    struct open_how how = {
        .flags = (unsigned)flags,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
#else
    errno = ENOSYS;
    return -1;
#endif
}

#endif
