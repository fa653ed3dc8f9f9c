// OPEN MPI 4 ONLY: what it does when a peer has died. Everything here is looked up at run time, so
// that any other MPI, which has none of it, is left alone.
#ifndef MPISWARM_CMPI_OPEN_MPI_H
#define MPISWARM_CMPI_OPEN_MPI_H

#include <dlfcn.h>
#include <mpi.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef int (*cmpi_help)(const char *file, const char *topic, int header, ...);
typedef char *(*cmpi_help_text)(const char *file, const char *topic, int header, va_list list);
typedef int (*cmpi_help_show)(
    const char *file, const char *topic, int header, const char *text);

/// What the TCP transport says on every survivor, again and again, after a peer has died: that
/// this should not happen, and that the job may hang. The rank's end is reported by its own line.
/// The last one is about a living peer that called before this rank had looked up its addresses: it
/// calls again.
static inline bool cmpi_is_noise(const char *file, const char *topic) {
    static const char *const topics[] = {
        "peer hung up", "client connect fail", "client handshake fail",
        "server did not get guid", "server accept cannot find guid", "server cannot find endpoint",
        "server getpeername failed", "socket flag fail",
        "dropped inbound connection",
    };
    if (file == NULL || topic == NULL || strcmp(file, "help-mpi-btl-tcp.txt") != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        if (strcmp(topic, topics[i]) == 0) { return true; }
    }
    return false;
}

/// A name of the library's own. Nothing in an MPI that has none such.
static inline void *cmpi_of_open_mpi(const char *name) {
    void *program = dlopen(NULL, RTLD_LAZY);
    return program == NULL ? NULL : dlsym(program, name);
}

/// Takes the place of the library's own function and does the same, but for those texts.
static inline int cmpi_show_other_help(const char *file, const char *topic, int header, ...) {
    if (cmpi_is_noise(file, topic)) { return 0; }
    cmpi_help_text text = (cmpi_help_text)cmpi_of_open_mpi("opal_show_help_vstring");
    cmpi_help_show show = (cmpi_help_show)cmpi_of_open_mpi("orte_show_help_norender");
    if (text == NULL || show == NULL) { return -1; }
    va_list list;
    va_start(list, header);
    char *made = text(file, topic, header, list);
    va_end(list);
    if (made == NULL) { return -1; }
    int code = show(file, topic, header, made);
    free(made);
    return code;
}

/// Whether the library is of the major version that this file knows.
static inline bool cmpi_is_known_open_mpi(void) {
    static const char known[] = "Open MPI v4.";
    char version[MPI_MAX_LIBRARY_VERSION_STRING];
    int length = 0;
    return MPI_Get_library_version(version, &length) == MPI_SUCCESS &&
        strncmp(version, known, sizeof known - 1) == 0;
}

/// Whether messages may go over sockets. Where all ranks are on one host and the user has not
/// chosen a transport, they go through shared memory.
static inline bool cmpi_may_use_sockets(void) {
    const char *all = getenv("OMPI_COMM_WORLD_SIZE");
    const char *here = getenv("OMPI_COMM_WORLD_LOCAL_SIZE");
    return all == NULL || here == NULL || strcmp(all, here) != 0 ||
        getenv("OMPI_MCA_btl") != NULL || getenv("OMPI_MCA_pml") != NULL;
}

/// Whether no other rank is on this host, so that no message comes through shared memory.
static inline bool cmpi_is_alone_on_host(void) {
    const char *here = getenv("OMPI_COMM_WORLD_LOCAL_SIZE");
    return here != NULL && strcmp(here, "1") == 0;
}

/// Has the library look at its sockets once in each call, as the flag EVLOOP_ONCE of libevent asks,
/// and return. To be called after `MPI_Init`, which has it look again until no socket has anything
/// to say: one that is not closed when its peer dies, as may happen during the handshake of a
/// connection, has always something to say. Returns whether it was done.
static inline bool cmpi_look_at_sockets_once(void) {
    enum { once = 1, without_blocking = 2 };
    if (!cmpi_is_known_open_mpi()) { return false; }
    int (*set_flag)(int) = (int (*)(int))cmpi_of_open_mpi("opal_progress_set_event_flag");
    if (set_flag == NULL) { return false; }
    set_flag(once | without_blocking);
    return true;
}

/// A socket of the library, and whether bytes wait to be sent over it.
typedef struct {
    int descriptor;
    bool sends;
} cmpi_socket;

typedef struct {
    cmpi_socket *list;
    int count, max;
    bool is_connected;
} cmpi_sockets;

/// The part of libevent that is needed here. It is in the process where the library was built with
/// the system's libevent, and otherwise under other names.
typedef int (*cmpi_of_event)(const void *base, const void *event, void *context);
typedef struct {
    int (*loop)(void *base, int flags);
    int (*set_flag)(int);
    void **base;
    int (*each)(void *base, cmpi_of_event call, void *context);
    int (*descriptor)(const void *event);
    short (*kinds)(const void *event);
} cmpi_events;

/// To be called by one thread at a time.
static inline const cmpi_events *cmpi_known_events(void) {
    static cmpi_events events;
    static bool are_looked_up = false, are_known = false;
    if (!are_looked_up) {
        are_looked_up = true;
        events.loop = (int (*)(void *, int))cmpi_of_open_mpi("event_base_loop");
        events.set_flag = (int (*)(int))cmpi_of_open_mpi("opal_progress_set_event_flag");
        events.base = (void **)cmpi_of_open_mpi("opal_sync_event_base");
        events.each = (int (*)(void *, cmpi_of_event, void *))cmpi_of_open_mpi(
            "event_base_foreach_event");
        events.descriptor = (int (*)(const void *))cmpi_of_open_mpi("event_get_fd");
        events.kinds = (short (*)(const void *))cmpi_of_open_mpi("event_get_events");
        are_known = cmpi_is_known_open_mpi() && events.loop && events.set_flag &&
            events.base && *events.base && events.each && events.descriptor && events.kinds;
    }
    return are_known ? &events : NULL;
}

enum { cmpi_loop_once = 1, cmpi_loop_without_blocking = 2 };

/// Has the library take what its sockets have received, and send what waits. Returns false where
/// that cannot be asked for. The library's own opal_progress looks at the sockets in one of eight
/// calls only, unless it counts users of its events.
static inline bool cmpi_progress(void) {
    const cmpi_events *known = cmpi_known_events();
    if (known) { known->loop(*known->base, cmpi_loop_once | cmpi_loop_without_blocking); }
    return known != NULL;
}

/// While sockets are not looked at, a call reports only what has been received already.
static inline void cmpi_look_at_sockets(bool looks) {
    const cmpi_events *known = cmpi_known_events();
    if (known) { known->set_flag(looks ? cmpi_loop_once | cmpi_loop_without_blocking : 0); }
}

static inline bool cmpi_is_socket_connected(int descriptor) {
    // sys/socket.h would bring in types that Glibc's overlay has too.
    enum { socket_level = 1, accepts_connections = 30 };
    int accepts = 1;
    unsigned length = sizeof accepts;
    long code = syscall(
        SYS_getsockopt, descriptor, socket_level, accepts_connections, &accepts, &length);
    return code == 0 && !accepts;
}

static inline int cmpi_add_socket(const void *base, const void *event, void *context) {
    enum { writing = 4, of_a_signal = 8 };
    (void)base;
    const cmpi_events *known = cmpi_known_events();
    cmpi_sockets *sockets = (cmpi_sockets *)context;
    int descriptor = known->descriptor(event);
    short kinds = known->kinds(event);
    if (descriptor < 0 || (kinds & of_a_signal)) { return 0; }
    if (sockets->count == sockets->max) { return 1; }
    cmpi_socket socket = {descriptor, (kinds & writing) != 0};
    sockets->list[sockets->count++] = socket;
    sockets->is_connected = sockets->is_connected || cmpi_is_socket_connected(descriptor);
    return 0;
}

/// The sockets over which messages come, at most `max`. Returns how many there are; a negative
/// number where messages may come in other ways, or over more sockets. To be called by one thread
/// at a time, and while no other is in the library.
static inline int cmpi_list_sockets(cmpi_socket *list, int max) {
    static bool was_connected = false;
    const cmpi_events *known = cmpi_known_events();
    if (!known) { return -1; }
    cmpi_sockets sockets = {list, 0, max, was_connected};
    if (known->each(*known->base, cmpi_add_socket, &sockets) != 0) { return -1; }
    was_connected = sockets.is_connected;
    return was_connected ? sockets.count : -1;
}

/// The component that carries messages: "ob1", "ucx" or "cm". Empty where it cannot be known. To be
/// called after `MPI_Init`. The library's variable begins with three numbers and the project's name
/// of 16 bytes, three numbers and the type's name of 32, three numbers and the component's name.
static inline const char *cmpi_messaging(void) {
    enum { type = 12 + 16 + 12, name = type + 32 + 12 };
    if (!cmpi_is_known_open_mpi()) { return ""; }
    const char *component = (const char *)cmpi_of_open_mpi("mca_pml_base_selected_component");
    if (component == NULL || strcmp(component + type, "pml") != 0) { return ""; }
    return component + name;
}

/// To be called after `MPI_Init`. In this major version the name stands for a variable that holds
/// the function; in later ones it is the function. Returns whether it was replaced.
static inline bool cmpi_keep_dead_peers_quiet(void) {
    if (!cmpi_is_known_open_mpi()) { return false; }
    cmpi_help *place = (cmpi_help *)cmpi_of_open_mpi("opal_show_help");
    if (place == NULL || cmpi_of_open_mpi("opal_show_help_vstring") == NULL ||
        cmpi_of_open_mpi("orte_show_help_norender") == NULL) {
        return false;
    }
    __atomic_store_n(place, cmpi_show_other_help, __ATOMIC_RELEASE);
    return true;
}

#endif
