#include "snapshots.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static char *
name_of(const struct snapshots *s, int number)
{
	struct buf b = {0};

	buf_printf(&b, "%s.%d", s->models->tool->output, number);
	return (char *)b.p;
}

bool
snapshots_due(const struct snapshots *s, double done)
{
	int n = s->models->o->snapshots;

	return s->next < n && done >= (double)s->next / n;
}

static int
check_there(const struct snapshots *s, struct ns_err *e)
{
	char *name = name_of(s, s->next);
	int rc = NS_OK;

	if (access(name, F_OK) < 0)
		rc = ns_fail(e, NS_EKIND,
		    "checkpoint '%s' is beyond snapshot '%s', which is missing: remove "
		    "the checkpoint to begin anew",
		    s->models->o->checkpoint, name);
	free(name);
	return rc;
}

static int
remove_old(const struct snapshots *s, int number, struct ns_err *e)
{
	char *name = name_of(s, number);
	int rc = NS_OK;

	if (unlink(name) < 0 && errno != ENOENT)
		rc = ns_fail_errno(e, NS_ECREATE, "cannot remove '%s'", name);
	free(name);
	return rc;
}

int
snapshots_start(struct snapshots *s, double done, struct ns_err *e)
{
	int i, rc = NS_OK;

	for (s->next = 1; snapshots_due(s, done) && rc >= 0; s->next++)
		rc = check_there(s, e);
	for (i = s->next; i < s->models->o->snapshots && rc >= 0; i++)
		rc = remove_old(s, i, e);
	return rc;
}

int
snapshots_take(struct snapshots *s, const struct lesson *l, void *learner,
    const struct result *x, struct ns_err *e)
{
	const struct learner_ops *ops = s->models->o->ops;
	struct result now = *x;
	char *name;
	int rc;

	now.snapshot = s->next;
	now.net = ops->kind->net_new(&l->feed->schema, l->config, &l->chunk->carry, e);
	if (now.net == NULL)
		return e->code;
	name = name_of(s, s->next);
	rc = ops->snapshot(learner, x->steps, now.net, e);
	if (rc >= 0)
		rc = models_file(s->models, name, l, &now, e);
	s->next++;
	free(name);
	ops->kind->net_free(now.net);
	return rc;
}
