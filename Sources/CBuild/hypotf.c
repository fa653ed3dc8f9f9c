#include <math.h>

// Swift's static runtime refers to hypotf, of which glibc 2.35 has a version that no older glibc
// has: the only symbol that would keep the program from running with glibc 2.34. The linker takes
// this one instead. The squares of floats neither overflow nor vanish as doubles.
__attribute__((visibility("hidden"))) float hypotf(float x, float y);

float hypotf(float x, float y) {
    if (isinf(x) || isinf(y)) { return INFINITY; }
    return (float)sqrt((double)x * x + (double)y * y);
}
