#include "sampler.h"

#include <assert.h>

#include "ar/sample.h"
#include "dg/draw.h"
#include "model/ar/ar.h"

const struct model_kind *const sampler_kinds[] = {&dg_kind, &ar_kind, &adversarial_kind,
    NULL};

const struct sampler_ops *
sampler_of(const struct model_kind *kind)
{
	static const struct sampler_ops *const all[] = {&dg_sampler, &ar_sampler,
	    &adversarial_sampler};
	size_t i = 0;

	while (i + 1 < LEN(all) && all[i]->kind != kind)
		i++;
	assert(all[i]->kind == kind);
	return all[i];
}
