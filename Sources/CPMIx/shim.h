#ifndef MPISWARM_CPMIX_SHIM_H
#define MPISWARM_CPMIX_SHIM_H
#ifdef MPISWARM_WITHOUT_PMIX
#include "absent.h"
#else
#include <pmix.h>
#include <pmix_version.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Values and attributes are filled in and freed here, not by the library's macros: those call
   functions that no library before PMIx 4.2 has, and the program has to run with these too. */

static inline pmix_info_t cpmix_with(const char *attribute) {
    pmix_info_t info;
    memset(&info, 0, sizeof info);
    strncpy(info.key, attribute, PMIX_MAX_KEYLEN);
    info.value.type = PMIX_BOOL;
    info.value.data.flag = true;
    return info;
}

/* Of one that has nothing else to free than a text. */
static inline void cpmix_free(pmix_value_t *value) {
    if (value == NULL) return;
    if (value->type == PMIX_STRING) free(value->data.string);
    free(value);
}

/* Gives this process a value under a name, for every other process of the job to get. */
static inline pmix_status_t cpmix_announce(const char *name) {
    pmix_value_t value;
    memset(&value, 0, sizeof value);
    value.type = PMIX_BOOL;
    value.data.flag = true;
    pmix_status_t status = PMIx_Put(PMIX_GLOBAL, name, &value);
    return status == PMIX_SUCCESS ? PMIx_Commit() : status;
}

/* Whether another process of the job has announced that name by now: PMIX_SUCCESS if it has, and
   PMIX_ERR_NOT_FOUND if it has not. What was known of that process before is asked for again. */
static inline pmix_status_t cpmix_look_for(const char *name, const char *job, pmix_rank_t rank) {
    pmix_proc_t process;
    memset(&process, 0, sizeof process);
    strncpy(process.nspace, job, PMIX_MAX_NSLEN);
    process.rank = rank;
    pmix_info_t again = cpmix_with(PMIX_GET_REFRESH_CACHE);
    pmix_value_t *value = NULL;
    pmix_status_t status = PMIx_Get(&process, name, &again, 1, &value);
    cpmix_free(value);
    return status;
}

/// Writes the ranks of this process's node, as in "0,1,2", into `text`. Returns false where there
/// is no runtime that knows them.
///
/// An MPI that carries a PMIx of its own leaves this library without a connection. None is made for
/// the question: its end would count as the end of the rank.
static inline bool cpmix_local_peers(const char *job, char *text, size_t capacity) {
    if (!PMIx_Initialized() || strlen(job) > PMIX_MAX_NSLEN || capacity == 0) { return false; }
    pmix_proc_t all;
    memset(&all, 0, sizeof all);
    strcpy(all.nspace, job);
    all.rank = PMIX_RANK_WILDCARD;
    // What the launcher gave at the start is here already; the server is not to be asked.
    pmix_info_t local = cpmix_with(PMIX_OPTIONAL);
    pmix_value_t *value = NULL;
    if (PMIx_Get(&all, PMIX_LOCAL_PEERS, &local, 1, &value) != PMIX_SUCCESS || value == NULL) {
        return false;
    }
    bool is_known = value->type == PMIX_STRING && value->data.string != NULL &&
        value->data.string[0] != 0;
    if (is_known) {
        strncpy(text, value->data.string, capacity - 1);
        text[capacity - 1] = 0;
    }
    cpmix_free(value);
    return is_known;
}

static inline const char *cpmix_built_for(void) {
#define CPMIX_TEXT_OF(number) #number
#define CPMIX_TEXT(number) CPMIX_TEXT_OF(number)
    return CPMIX_TEXT(PMIX_VERSION_MAJOR) "." CPMIX_TEXT(PMIX_VERSION_MINOR) "."
        CPMIX_TEXT(PMIX_VERSION_RELEASE);
}
#endif
#endif
