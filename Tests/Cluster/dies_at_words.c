// A rank that is killed right before it prints, for tests: preloaded, it kills the process of one
// rank when that is about to write a line that begins with certain words.
//
//     cc -shared -fPIC -O2 -Wall -Werror -o dies_at_words.so dies_at_words.c
//     export DIES_AT_WORDS_RANK=0 DIES_AT_WORDS='mpiswarm: stage:'
//     mpirun -x LD_PRELOAD=$PWD/dies_at_words.so ... mpiswarm stage ...
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *words;

__attribute__((constructor)) static void begin(void) {
    const char *rank = getenv("PMIX_RANK");
    const char *wanted = getenv("DIES_AT_WORDS_RANK");
    if (rank && wanted && strcmp(rank, wanted) == 0) words = getenv("DIES_AT_WORDS");
}

ssize_t write(int file, const void *bytes, size_t count) {
    static ssize_t (*original)(int, const void *, size_t);
    if (!original) *(void **)&original = dlsym(RTLD_NEXT, "write");
    if (words && strlen(words) <= count && memcmp(bytes, words, strlen(words)) == 0) {
        kill(getpid(), SIGKILL);
    }
    return original(file, bytes, count);
}
