#include "base/pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

/*
 * Waking a sleeping thread costs as much as a small matrix product, and training hands
 * out work every few milliseconds: whoever waits looks again for about 50 us before it
 * sleeps.
 */
enum { LOOKS = 4000 };

/* The jobs of one pool_run; it stands on the stack of its caller. */
struct batch {
	pool_fn *fn;
	void *arg;
	int next, jobs; /* the job to hand out; how many there are */
	int running;    /* jobs handed out and not finished */
	struct batch *below;
};

struct pool {
	int threads; /* besides the caller */
	pthread_t *id;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	struct batch *top; /* those with jobs to hand out, the newest first */
	atomic_uint news;  /* moves on whenever a wait may have ended */
	bool quit;
};

static void
pause_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* Wait for news on c; the lock is held at the call and on return. */
static void
wait_for(struct pool *p, pthread_cond_t *c)
{
	unsigned was = atomic_load_explicit(&p->news, memory_order_relaxed);
	int i;

	pthread_mutex_unlock(&p->lock);
	for (i = 0;
	     i < LOOKS && atomic_load_explicit(&p->news, memory_order_relaxed) == was;
	     i++)
		pause_cpu();
	pthread_mutex_lock(&p->lock);
	if (atomic_load_explicit(&p->news, memory_order_relaxed) == was)
		pthread_cond_wait(c, &p->lock);
}

/* Tell all that wait on c; the lock is held. */
static void
tell(struct pool *p, pthread_cond_t *c)
{
	atomic_fetch_add_explicit(&p->news, 1, memory_order_relaxed);
	pthread_cond_broadcast(c);
}

/* Take it from the list of those with jobs to hand out. */
static void
retire(struct pool *p, const struct batch *b)
{
	struct batch **at = &p->top;

	while (*at != b)
		at = &(*at)->below;
	*at = b->below;
}

/* Take and run jobs of b until none is left; called and returns with the lock held. */
static void
drain(struct pool *p, struct batch *b)
{
	int job;

	while (b->next < b->jobs) {
		job = b->next++;
		if (b->next == b->jobs)
			retire(p, b);
		b->running++;
		pthread_mutex_unlock(&p->lock);
		b->fn(b->arg, job);
		pthread_mutex_lock(&p->lock);
		b->running--;
	}
	if (b->running == 0)
		tell(p, &p->done);
}

static void *
worker(void *arg)
{
	struct pool *p = arg;

	pthread_mutex_lock(&p->lock);
	while (!p->quit) {
		if (p->top != NULL)
			drain(p, p->top);
		else
			wait_for(p, &p->work);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct pool *
pool_new(int threads)
{
	struct pool *p = xcalloc(1, sizeof *p);
	int i;

	assert(threads >= 1);
	p->id = xcalloc((size_t)threads, sizeof *p->id);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	pthread_cond_init(&p->done, NULL);
	for (i = 0; i < threads - 1; i++) {
		if (pthread_create(&p->id[i], NULL, worker, p) != 0)
			break; /* fewer threads give the same result, only later */
		p->threads++;
	}
	return p;
}

void
pool_run(struct pool *p, pool_fn *fn, void *arg, int jobs)
{
	struct batch b = {.fn = fn, .arg = arg, .jobs = jobs};
	int i;

	if (p == NULL || p->threads == 0 || jobs <= 1) {
		for (i = 0; i < jobs; i++)
			fn(arg, i);
		return;
	}
	pthread_mutex_lock(&p->lock);
	b.below = p->top;
	p->top = &b;
	tell(p, &p->work);
	drain(p, &b);
	while (b.running > 0)
		wait_for(p, &p->done);
	pthread_mutex_unlock(&p->lock);
}

void
pool_free(struct pool *p)
{
	int i;

	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->quit = true;
	tell(p, &p->work);
	pthread_mutex_unlock(&p->lock);
	for (i = 0; i < p->threads; i++)
		pthread_join(p->id[i], NULL);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->work);
	pthread_cond_destroy(&p->done);
	free(p->id);
	free(p);
}
