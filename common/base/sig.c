#include "base/sig.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TMP_MAX_FILES 16
#define TMP_MAX_PATH 4096

/* Fixed storage: a handler may not allocate, nor read what another thread is changing.
 */
static char tmp_path[TMP_MAX_FILES][TMP_MAX_PATH];
static volatile sig_atomic_t tmp_used[TMP_MAX_FILES];
static volatile sig_atomic_t deferred, stop_signal, asked;

static void
remove_tmp(void)
{
	int i;

	for (i = 0; i < TMP_MAX_FILES; i++)
		if (tmp_used[i])
			unlink(tmp_path[i]);
}

static void
on_stop(int signo)
{
	if (deferred) {
		stop_signal = signo;
		return;
	}
	sig_raise(signo);
}

/* A message on a broken pipe ends even a tool that deferred INT and TERM. */
static void
on_pipe(int signo)
{
	sig_raise(signo);
}

static void
on_ask(int signo)
{
	(void)signo;
	asked = 1;
}

/* INT and TERM keep being ignored if the parent (nohup, a shell's &) ignored them. */
static void
install(int signo, void (*fn)(int))
{
	struct sigaction sa, old;

	memset(&sa, 0, sizeof sa);
	sa.sa_handler = fn;
	sa.sa_flags = SA_RESTART;
	sigemptyset(&sa.sa_mask);
	if (sigaction(signo, NULL, &old) == 0 && old.sa_handler == SIG_IGN)
		return;
	sigaction(signo, &sa, NULL);
}

void
sig_start(void)
{
	install(SIGINT, on_stop);
	install(SIGTERM, on_stop);
	install(SIGHUP, on_stop);
	install(SIGPIPE, on_pipe);
	install(SIGUSR1, on_ask);
	install(SIGXFSZ, SIG_IGN); /* the write fails then, and says so */
}

static void
tmp_add(const char *path)
{
	int i;

	for (i = 0; i < TMP_MAX_FILES; i++) {
		if (tmp_used[i] || strlen(path) >= TMP_MAX_PATH)
			continue;
		strcpy(tmp_path[i], path);
		tmp_used[i] = 1;
		return;
	}
}

int
sig_tmp_create(char *path)
{
	sigset_t stops, before;
	int fd;

	/* a signal between the two would leave the file behind */
	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGHUP);
	sigaddset(&stops, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &stops, &before);
	fd = mkstemp(path);
	if (fd >= 0)
		tmp_add(path);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return fd;
}

void
sig_tmp_del(const char *path)
{
	int i;

	for (i = 0; i < TMP_MAX_FILES; i++)
		if (tmp_used[i] && strcmp(tmp_path[i], path) == 0)
			tmp_used[i] = 0;
}

void
sig_defer(void)
{
	deferred = 1;
}

int
sig_stop(void)
{
	return stop_signal;
}

void
sig_raise(int signo)
{
	remove_tmp();
	signal(signo, SIG_DFL);
	raise(signo);
}

bool
sig_asked(void)
{
	bool was = asked;

	asked = 0;
	return was;
}
