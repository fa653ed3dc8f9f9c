// What Swift cannot import from mpi.h: macros that are casts or expressions.
// Only calls and names of the MPI 3.1 standard, so any implementation's mpi.h will do.
#ifndef MPISWARM_CMPI_SHIM_H
#define MPISWARM_CMPI_SHIM_H

#include <mpi.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>

static inline MPI_Comm cmpi_comm_world(void) { return MPI_COMM_WORLD; }
static inline MPI_Datatype cmpi_byte(void) { return MPI_BYTE; }
static inline MPI_Status *cmpi_status_ignore(void) { return MPI_STATUS_IGNORE; }
static inline MPI_Status *cmpi_statuses_ignore(void) { return MPI_STATUSES_IGNORE; }
static inline int cmpi_any_source(void) { return MPI_ANY_SOURCE; }
static inline int cmpi_any_tag(void) { return MPI_ANY_TAG; }
static inline int cmpi_undefined(void) { return MPI_UNDEFINED; }
static inline int cmpi_success(void) { return MPI_SUCCESS; }
static inline int cmpi_err_in_status(void) { return MPI_ERR_IN_STATUS; }
static inline int cmpi_thread_multiple(void) { return MPI_THREAD_MULTIPLE; }
static inline int cmpi_max_error_string(void) { return MPI_MAX_ERROR_STRING; }
static inline int cmpi_max_processor_name(void) { return MPI_MAX_PROCESSOR_NAME; }
static inline int cmpi_err_truncate(void) { return MPI_ERR_TRUNCATE; }
static inline int cmpi_max_library_version_string(void) { return MPI_MAX_LIBRARY_VERSION_STRING; }

/// The MPI whose header this build was made with, as `--version` names it.
static inline const char *cmpi_built_for(void) {
#define CMPI_TEXT_OF(number) #number
#define CMPI_TEXT(number) CMPI_TEXT_OF(number)
#if defined(OMPI_MAJOR_VERSION)
    return "Open MPI " CMPI_TEXT(OMPI_MAJOR_VERSION) "." CMPI_TEXT(OMPI_MINOR_VERSION) "."
        CMPI_TEXT(OMPI_RELEASE_VERSION);
#elif defined(MPICH_VERSION)
    return "MPICH " MPICH_VERSION;
#else
    return "MPI " CMPI_TEXT(MPI_VERSION) "." CMPI_TEXT(MPI_SUBVERSION);
#endif
}

/// The largest tag this implementation takes; the standard promises at least 32,767.
static inline int cmpi_tag_upper_bound(void) {
    int *value = 0;
    int found = 0;
    if (MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_TAG_UB, &value, &found) != MPI_SUCCESS || !found) {
        return 32767;
    }
    return *value;
}

/// One request handle. Handles are pointers in one implementation and integers in another, and
/// Swift would see the difference; wrapped, they look alike, and an array of these is an array
/// of handles.
typedef struct {
    MPI_Request handle;
} cmpi_request;

_Static_assert(sizeof(cmpi_request) == sizeof(MPI_Request), "an array must be one of handles");

static inline int cmpi_isend(
    const void *bytes, int count, int rank, int tag, cmpi_request *request) {
    return MPI_Isend(bytes, count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, &request->handle);
}

static inline int cmpi_irecv(void *bytes, int count, int rank, int tag, cmpi_request *request) {
    return MPI_Irecv(bytes, count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, &request->handle);
}

/// A message that was found, and that only the finder can receive. It holds the bytes of a handle,
/// since Swift takes a pointer for unsafe and an integer for safe.
typedef struct {
    uint64_t handle;
} cmpi_message;

_Static_assert(sizeof(uint64_t) >= sizeof(MPI_Message), "a handle must fit into the bytes");

static inline int cmpi_improbe(int tag, int *found, cmpi_message *message, MPI_Status *status) {
    MPI_Message handle = MPI_MESSAGE_NULL;
    int code = MPI_Improbe(MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, found, &handle, status);
    memcpy(&message->handle, &handle, sizeof handle);
    return code;
}

static inline int cmpi_imrecv(
    void *bytes, int count, cmpi_message *message, cmpi_request *request) {
    MPI_Message handle;
    memcpy(&handle, &message->handle, sizeof handle);
    return MPI_Imrecv(bytes, count, MPI_BYTE, &handle, &request->handle);
}

static inline int cmpi_testsome(
    int count, cmpi_request *requests, int *done, int *indices, MPI_Status *statuses) {
    return MPI_Testsome(count, &requests->handle, done, indices, statuses);
}

static inline int cmpi_cancel(cmpi_request *request) { return MPI_Cancel(&request->handle); }

static inline int cmpi_request_free(cmpi_request *request) {
    return MPI_Request_free(&request->handle);
}

/// How many bytes a completed receive brought, or -1 where that cannot be told.
static inline int cmpi_byte_count(const MPI_Status *status) {
    int count = 0;
    if (MPI_Get_count(status, MPI_BYTE, &count) != MPI_SUCCESS || count == MPI_UNDEFINED) {
        return -1;
    }
    return count;
}

static inline int cmpi_was_cancelled(const MPI_Status *status) {
    int flag = 0;
    return MPI_Test_cancelled(status, &flag) == MPI_SUCCESS && flag;
}

/// Lets another thread run.
static inline void cmpi_yield(void) { (void)sched_yield(); }

// A communicator is a pointer in one MPI and an integer in another, which Swift's memory safety
// tells apart. So what takes one and no memory of ours besides is called from here.

/// Of every rank one word of eight bytes, by rank.
static inline int cmpi_gather_words(const uint64_t *own, uint64_t *all) {
    return MPI_Allgather(own, 8, MPI_BYTE, all, 8, MPI_BYTE, MPI_COMM_WORLD);
}

/// Of every rank `count` bytes, by rank.
static inline int cmpi_gather_bytes(const void *own, int count, void *all) {
    return MPI_Allgather(own, count, MPI_BYTE, all, count, MPI_BYTE, MPI_COMM_WORLD);
}

static inline int cmpi_broadcast(void *bytes, int count, int root) {
    return MPI_Bcast(bytes, count, MPI_BYTE, root, MPI_COMM_WORLD);
}

static inline int cmpi_return_errors_of_world(void) {
    return MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
}

static inline int cmpi_return_errors_of_self(void) {
    return MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
}

static inline int cmpi_abort_world(int code) { return MPI_Abort(MPI_COMM_WORLD, code); }

#endif
