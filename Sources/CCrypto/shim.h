#ifndef MPISWARM_CCRYPTO_SHIM_H
#define MPISWARM_CCRYPTO_SHIM_H
#include <openssl/crypto.h>
#include <openssl/evp.h>
#endif
