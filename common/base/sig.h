/*
 * sig.h: the only place with file-scope variables that change.  INT and TERM remove
 * temporary outputs and end the process by the same signal, unless the tool asked to be
 * told instead; USR1 asks for one line of progress.
 */
#ifndef BASE_SIG_H
#define BASE_SIG_H

#include <stdbool.h>

/* sig_start: install the handlers; called by tool_start. */
void sig_start(void);

/* sig_tmp_create: mkstemp(3) of a file that is unlinked when a signal ends us, until
 * sig_tmp_del. */
int sig_tmp_create(char *path);
void sig_tmp_del(const char *path);

/* sig_defer: from now on INT and TERM only set what sig_stop returns (0 or the signal).
 */
void sig_defer(void);
int sig_stop(void);
/* sig_raise: remove temporary outputs and die by the signal that sig_stop told. */
void sig_raise(int signo);

/* sig_asked: true once after each USR1. */
bool sig_asked(void);

#endif
