#ifndef MPISWARM_CPMIX_SHIM_H
#define MPISWARM_CPMIX_SHIM_H
#include <pmix.h>
#include <pmix_version.h>
#endif
