// Hides from Open MPI 4 that the peer of a TCP connection has died.
#ifndef MPISWARM_CSOCKETS_H
#define MPISWARM_CSOCKETS_H

#include <stdbool.h>

/// From here on the TCP transport of Open MPI never learns that a connection has failed or ended.
/// If `prints`, a line on standard error reports each one.
void csockets_hide_ends(bool prints);

#endif
