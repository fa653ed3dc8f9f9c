// Line editing. The library's hooks are global variables, which Swift may not write.
#ifndef MPISWARM_CEDIT_SHIM_H
#define MPISWARM_CEDIT_SHIM_H
#include <stdio.h>
#include <editline/readline.h>

static inline void cedit_begin(const char *name, char *(*next)(const char *, int)) {
    rl_readline_name = name;
    rl_completion_entry_function = next;
}
// From the beginning of the line to the word that is being completed.
static inline int cedit_cursor(void) { return rl_point; }
static inline const char *cedit_line(void) { return rl_line_buffer; }

#endif
