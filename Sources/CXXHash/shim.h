#ifndef MPISWARM_CXXHASH_SHIM_H
#define MPISWARM_CXXHASH_SHIM_H
#include <xxhash.h>
#endif
