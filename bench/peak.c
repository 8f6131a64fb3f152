/*
 * peak.c: peak FILE COMMAND [ARGUMENT...]: run the command and write to FILE what it
 * and the processes it waited for cost, as one line: seconds of user and of system
 * time, seconds passed, and the largest resident set of one of them in KiB.  The exit
 * status is the command's.
 *
 * A small program of its own, since a process starts as a copy of the one that starts
 * it: under a shell or an interpreter no peak could be below theirs.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* run: the command's exit status, as a shell gives it. */
static int
run(char **command)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("peak");
		return 126;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
main(int argc, char **argv)
{
	struct rusage use;
	double start = now(), wall;
	FILE *out;
	int status;

	if (argc < 3) {
		fputs("usage: peak FILE COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	status = run(argv + 2);
	wall = now() - start;
	getrusage(RUSAGE_CHILDREN, &use);
	out = fopen(argv[1], "w");
	if (out == NULL ||
	    fprintf(out, "%.6f %.6f %.6f %ld\n", seconds(use.ru_utime),
		seconds(use.ru_stime), wall, use.ru_maxrss) < 0 ||
	    fclose(out) != 0) {
		perror(argv[1]);
		return 74;
	}
	return status;
}
