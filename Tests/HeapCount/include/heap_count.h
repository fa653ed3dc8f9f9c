// Counts what a program asks of the heap while counting is on. Linked into a probe, its malloc
// takes the place of the C library's.
#ifndef MPISWARM_HEAP_COUNT_H
#define MPISWARM_HEAP_COUNT_H

void heap_count_start(void);
long heap_count_stop(void);

#endif
