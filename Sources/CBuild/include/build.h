// The version number, in its one place, and the commit that `make` found.
#ifndef MPISWARM_CBUILD_BUILD_H
#define MPISWARM_CBUILD_BUILD_H

#define MPISWARM_VERSION "0.1.0"
#define MPISWARM_DATE "November 29, 2026"

/// Abbreviated, with "-dirty" where files were changed; empty in a build that make did not start.
const char *cbuild_commit(void);

#endif
