#include "build.h"

#ifndef MPISWARM_COMMIT
#define MPISWARM_COMMIT ""
#endif

// In a file of its own, so that another commit compiles this one file again and no Swift.
const char *cbuild_commit(void) { return MPISWARM_COMMIT; }
