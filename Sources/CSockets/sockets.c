// OPEN MPI 4 ONLY. Its TCP transport (btl/tcp) calls `readv` and `writev`, and the dynamic linker
// gives it the two functions below, because the program exports them.
//
// When `writev` fails on a connection to a dead peer, the transport reports all pending messages of
// that connection as failed while it holds the lock of the connection. The layer above (pml/ob1)
// then ends the process ("FATAL"), or sends a message over the same connection and waits for that
// lock for ever. When `readv` fails or returns 0, the transport closes the connection, and the next
// message connects again, which fails in the same way.
//
// The ranks of a job learn of deaths by other means. So the transport should see a connection on
// which nothing happens any more: pending messages then stay pending, which costs nothing.
#define _GNU_SOURCE
#include "sockets.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_bool hides_ends;
static atomic_bool prints_ends;

/// Returns a socket that is neither readable nor writable, because its full buffer is never read.
/// The library closes each connection when it leaves, so each connection gets its own socket.
static int idle_socket(void) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) {
        return -1;
    }
    static const char filling[4096];
    while (write(ends[0], filling, sizeof filling) > 0) { }
    while (write(ends[0], filling, 1) > 0) { }
    // The other end stays open: otherwise this one would be readable.
    return ends[0];
}

static bool is_transport(void *caller) {
    Dl_info place;
    return dladdr(caller, &place) != 0 && place.dli_fname != NULL &&
        strstr(place.dli_fname, "mca_btl_tcp") != NULL;
}

/// Whether the kernel lacks memory for the moment: then the transport has to try again.
static bool is_short_of_memory(void) { return errno == ENOBUFS || errno == ENOMEM; }

/// Whether a call that returned `count` is one that the transport should not see.
static bool is_hidden(ssize_t count, bool reads, void *caller) {
    if (count > 0 || (count == 0 && !reads)) { return false; }
    if (count < 0 && (errno == EAGAIN || errno == EINTR || errno == EFAULT)) { return false; }
    return atomic_load_explicit(&hides_ends, memory_order_relaxed) && is_transport(caller);
}

/// Replaces a connection that is over with an idle socket, and returns the result of a call on that
/// socket.
static ssize_t hide_end(int descriptor, ssize_t count) {
    if (count < 0 && is_short_of_memory()) {
        errno = EAGAIN;
        return count;
    }
    int reason = errno;
    int idle = idle_socket();
    bool is_replaced = idle >= 0 && dup3(idle, descriptor, O_CLOEXEC) >= 0;
    if (idle >= 0) { close(idle); }
    errno = reason;
    if (!is_replaced) { return count; }
    if (atomic_load_explicit(&prints_ends, memory_order_relaxed)) {
        const char *why = count == 0 ? "the peer has closed it" : strerror(reason);
        fprintf(stderr, "mpiswarm: a TCP connection of Open MPI is over: %s\n", why);
    }
    errno = EAGAIN;
    return -1;
}

void csockets_hide_ends(bool prints) {
    atomic_store(&prints_ends, prints);
    atomic_store(&hides_ends, true);
}

__attribute__((visibility("default")))
ssize_t readv(int descriptor, const struct iovec *parts, int part_count) {
    ssize_t count = syscall(SYS_readv, descriptor, parts, part_count);
    bool hides = is_hidden(count, true, __builtin_return_address(0));
    return hides ? hide_end(descriptor, count) : count;
}

__attribute__((visibility("default")))
ssize_t writev(int descriptor, const struct iovec *parts, int part_count) {
    ssize_t count = syscall(SYS_writev, descriptor, parts, part_count);
    bool hides = is_hidden(count, false, __builtin_return_address(0));
    return hides ? hide_end(descriptor, count) : count;
}
