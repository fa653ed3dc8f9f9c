// A build for an MPI whose launchers have no PMIx, and whose nodes need not have the library: the
// names that the program uses, of a runtime to which nothing connects.
#ifndef MPISWARM_CPMIX_ABSENT_H
#define MPISWARM_CPMIX_ABSENT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int pmix_status_t;
typedef uint32_t pmix_rank_t;
typedef struct { pmix_rank_t rank; } pmix_proc_t;

#define PMIX_SUCCESS 0
#define PMIX_ERR_NOT_FOUND (-46)
#define CPMIX_ABSENT (-25)

static inline pmix_status_t PMIx_Init(pmix_proc_t *process, const void *info, size_t count) {
    return CPMIX_ABSENT;
}
static inline int PMIx_Initialized(void) { return 0; }
static inline pmix_status_t PMIx_Finalize(const void *info, size_t count) { return CPMIX_ABSENT; }
static inline pmix_status_t PMIx_Abort(
    int code, const char *words, const pmix_proc_t *processes, size_t count) {
    return CPMIX_ABSENT;
}
static inline const char *PMIx_Get_version(void) { return "none"; }
static inline pmix_status_t cpmix_announce(const char *name) { return CPMIX_ABSENT; }
static inline pmix_status_t cpmix_look_for(const char *name, const char *job, pmix_rank_t rank) {
    return CPMIX_ABSENT;
}
static inline bool cpmix_local_peers(const char *job, char *text, size_t capacity) { return false; }
static inline const char *cpmix_built_for(void) { return NULL; }
#endif
