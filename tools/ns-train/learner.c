#include "learner.h"

#include <string.h>

#include "adv/adversarial.h"
#include "ar/likelihood.h"
#include "gan/learn.h"

const struct learner_ops *const learners[] = {&gan_learner, &ar_learner,
    &adversarial_learner, NULL};

const struct learner_ops *
learner_of(const char *kind)
{
	size_t i;

	for (i = 0; learners[i] != NULL; i++)
		if (strcmp(learners[i]->kind->name, kind) == 0)
			return learners[i];
	return NULL;
}
