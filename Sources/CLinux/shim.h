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
#include <sys/wait.h>
#include <unistd.h>

static inline char **clinux_environment(void) { return environ; }
static inline int clinux_exited(int status) { return WIFEXITED(status); }
static inline int clinux_exit_code(int status) { return WEXITSTATUS(status); }
static inline int clinux_signaled(int status) { return WIFSIGNALED(status); }
static inline int clinux_signal(int status) { return WTERMSIG(status); }
static inline int clinux_name_process(const char *name) { return prctl(PR_SET_NAME, name); }
static inline int clinux_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }
static inline int clinux_name_thread(const char *name) {
    return pthread_setname_np(pthread_self(), name);
}
static inline pid_t clinux_signal_sender(const siginfo_t *info) { return info->si_pid; }
static inline int clinux_pidfd_open(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}

#endif
