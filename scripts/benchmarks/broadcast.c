/* The yardstick of a broadcast: rank 0 reads a file, every other rank writes a copy, and a block at
 * a time goes through MPI_Ibcast, several of them under way at once. Nothing is verified, and a
 * rank that dies takes the job with it.
 * Usage: broadcast FILE COPY; prints the seconds from the first barrier to the last. */
#include <fcntl.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, AHEAD = 8 };

static void must(int isGood, const char *what) {
    if (isGood) return;
    perror(what);
    MPI_Abort(MPI_COMM_WORLD, 1);
}

int main(int count, char **words) {
    MPI_Init(&count, &words);
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    must(count == 3, "usage: broadcast FILE COPY");
    int file = rank == 0 ? open(words[1], O_RDONLY)
                         : open(words[2], O_CREAT | O_TRUNC | O_WRONLY, 0644);
    must(file >= 0, words[rank == 0 ? 1 : 2]);
    long long size = rank == 0 ? lseek(file, 0, SEEK_END) : 0;
    MPI_Barrier(MPI_COMM_WORLD);
    double start = MPI_Wtime();
    MPI_Bcast(&size, 1, MPI_LONG_LONG, 0, MPI_COMM_WORLD);
    char *buffers = malloc((size_t)AHEAD * BLOCK);
    must(buffers != NULL, "malloc");
    MPI_Request requests[AHEAD];
    long long blocks = (size + BLOCK - 1) / BLOCK;
    for (long long step = 0; step < blocks + AHEAD; step++) {
        int slot = (int)(step % AHEAD);
        char *buffer = buffers + (size_t)slot * BLOCK;
        if (step >= AHEAD) {
            long long offset = (step - AHEAD) * BLOCK;
            ssize_t length = size - offset < BLOCK ? size - offset : BLOCK;
            MPI_Wait(&requests[slot], MPI_STATUS_IGNORE);
            if (rank != 0) must(pwrite(file, buffer, length, offset) == length, words[2]);
        }
        if (step < blocks) {
            long long offset = step * BLOCK;
            ssize_t length = size - offset < BLOCK ? size - offset : BLOCK;
            if (rank == 0) must(pread(file, buffer, length, offset) == length, words[1]);
            MPI_Ibcast(buffer, (int)length, MPI_BYTE, 0, MPI_COMM_WORLD, &requests[slot]);
        }
    }
    MPI_Barrier(MPI_COMM_WORLD);
    if (rank == 0) printf("%.3f\n", MPI_Wtime() - start);
    free(buffers);
    close(file);
    return MPI_Finalize();
}
