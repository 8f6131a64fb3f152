/*
 * err.h: how a failure travels.  A function that reads bytes from outside returns a
 * negative status and fills the caller's struct ns_err; it neither prints nor exits.
 * Positive results mean data, NS_OK means done.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum ns_status {
	NS_OK = 0,
	NS_EUSAGE = -1,   /* the command line makes no sense */
	NS_ETRUNC = -2,   /* input ends too early */
	NS_ECORRUPT = -3, /* input is damaged */
	NS_EKIND = -4,    /* input is of another kind, link type or dialect */
	NS_EVERSION = -5, /* input is of a newer major version */
	NS_EINTERNAL = -6,
	NS_ENUMERIC = -7, /* NaN, divergence, budget spent */
	NS_ENOMEM = -8,
	NS_ECREATE = -9,
	NS_EIO = -10,
	NS_EAGAIN = -11, /* stopped with a checkpoint, or a lock is held */
	NS_EPERM = -12,
	NS_ENO = -13 /* the answer is no */
};

struct ns_err {
	int code; /* an ns_status */
	char msg[500];
};

#if defined(__GNUC__)
#define NS_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define NS_NORETURN __attribute__((noreturn))
#else
#define NS_PRINTF(f, a)
#define NS_NORETURN
#endif

/* ns_fail: fill e with code and message; returns code.  e may be NULL. */
int ns_fail(struct ns_err *e, int code, const char *fmt, ...) NS_PRINTF(3, 4);

/* ns_fail_errno: the same with ": " and the text of errno behind the message. */
int ns_fail_errno(struct ns_err *e, int code, const char *fmt, ...) NS_PRINTF(3, 4);

/* ns_fail_in: put "where: " in front of the message of an e already filled;
 * returns its code. */
int ns_fail_in(struct ns_err *e, const char *where);

/*
 * ns_exit_status: the exit status of a tool for an ns_status.
 *
 * 0 done; 1 the answer is no; 2 usage; 65 input damaged, truncated, of another kind or
 * version; 70 internal or numeric failure; 71 out of memory; 73 cannot create; 74 read
 * or write error; 75 stopped with a checkpoint, try again; 77 not permitted.
 */
int ns_exit_status(int code);

#endif
