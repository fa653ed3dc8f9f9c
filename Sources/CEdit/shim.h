// Line editing. The library's hooks are global variables, which Swift may not write.
#ifndef MPISWARM_CEDIT_SHIM_H
#define MPISWARM_CEDIT_SHIM_H
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <editline/readline.h>

static inline void cedit_begin(const char *name, char *(*next)(const char *, int)) {
    rl_readline_name = name;
    rl_completion_entry_function = next;
}
// From the beginning of the line to the word that is being completed.
static inline int cedit_cursor(void) { return rl_point; }
static inline const char *cedit_line(void) { return rl_line_buffer; }

static inline volatile sig_atomic_t *cedit_interrupts(void) {
    static volatile sig_atomic_t count;
    return &count;
}
static inline void cedit_interrupt(int number) {
    (void)number;
    *cedit_interrupts() = 1;
}
// A line that is the caller's, or NULL at the end of the input, or where it was interrupted. The
// library hands a signal on to whoever handles it, and gives the line up.
static inline char *cedit_read(const char *prompt, int *wasInterrupted) {
    struct sigaction ours, before;
    memset(&ours, 0, sizeof ours);
    ours.sa_handler = cedit_interrupt;
    *cedit_interrupts() = 0;
    sigaction(SIGINT, &ours, &before);
    char *line = readline(prompt);
    sigaction(SIGINT, &before, NULL);
    *wasInterrupted = *cedit_interrupts();
    return line;
}

#endif
