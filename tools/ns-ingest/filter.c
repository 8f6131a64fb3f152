/* The headers of libpcap use u_int and its like, which POSIX does not have. */
#define _DEFAULT_SOURCE

#include "filter.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct compiled {
	uint32_t link;
	struct bpf_program code;
};

struct filter {
	char *expression;
	struct compiled *list;
	size_t n, cap;
};

/* Raw IP has other numbers in files than in the library. */
static int
to_dlt(uint32_t link)
{
	return link == 101 || link == 14 ? DLT_RAW : (int)link;
}

static int
compile(struct filter *f, uint32_t link, struct ns_err *e)
{
	pcap_t *p = pcap_open_dead(to_dlt(link), CAPTURE_FRAME_MAX);
	struct compiled c = {.link = link};
	int rc = NS_OK;

	if (p == NULL)
		return ns_fail(e, NS_ENOMEM, "cannot compile a filter");
	if (pcap_compile(p, &c.code, f->expression, 1, PCAP_NETMASK_UNKNOWN) < 0) {
		rc = ns_fail(e, NS_EUSAGE, "filter '%s': %s", f->expression,
		    pcap_geterr(p));
	} else {
		xgrow(&f->list, &f->cap, f->n + 1, sizeof *f->list);
		f->list[f->n++] = c;
	}
	pcap_close(p);
	return rc;
}

struct filter *
filter_new(const char *expression, struct ns_err *e)
{
	struct filter *f = xcalloc(1, sizeof *f);

	f->expression = xstrdup(expression);
	if (compile(f, DLT_EN10MB, e) < 0) {
		filter_free(f);
		return NULL;
	}
	return f;
}

void
filter_free(struct filter *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->n; i++)
		pcap_freecode(&f->list[i].code);
	free(f->list);
	free(f->expression);
	free(f);
}

int
filter_match(struct filter *flt, const struct frame *f, struct ns_err *e)
{
	size_t i;

	for (i = 0; i < flt->n && flt->list[i].link != f->link; i++)
		;
	if (i == flt->n && compile(flt, f->link, e) < 0)
		return e->code;
	return bpf_filter(flt->list[i].code.bf_insns, f->p, f->wire_len, f->caplen) !=
	    0;
}

const char *
link_name(uint32_t link)
{
	const char *name = pcap_datalink_val_to_name((int)link);

	return name != NULL ? name : "unknown";
}
