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
