/* The headers of libpcap use u_int and its like, which POSIX does not have. */
#define _DEFAULT_SOURCE

#include "live.h"

#include <pcap/pcap.h>
#include <poll.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sig.h"
#include "filter.h"
#include "link.h"

#define LIVE_SNAPLEN 65535
#define LIVE_WAIT_MS 100

struct live {
	pcap_t *pcap;
	uint32_t link;
	bool nano;
};

static int
activate(struct live *l, const char *iface, struct ns_err *e)
{
	char msg[PCAP_ERRBUF_SIZE];
	int rc;

	pcap_set_snaplen(l->pcap, LIVE_SNAPLEN);
	pcap_set_promisc(l->pcap, 1);
	pcap_set_timeout(l->pcap, LIVE_WAIT_MS);
	l->nano = pcap_set_tstamp_precision(l->pcap, PCAP_TSTAMP_PRECISION_NANO) == 0;
	rc = pcap_activate(l->pcap);
	if (rc == PCAP_ERROR_PERM_DENIED || rc == PCAP_ERROR_PROMISC_PERM_DENIED)
		return ns_fail(e, NS_EPERM, "not permitted to capture on '%s'", iface);
	if (rc < 0)
		return ns_fail(e, NS_EIO, "cannot capture on '%s': %s", iface,
		    rc == PCAP_ERROR ? pcap_geterr(l->pcap) : pcap_statustostr(rc));
	if (pcap_setnonblock(l->pcap, 1, msg) < 0)
		return ns_fail(e, NS_EIO, "cannot capture on '%s': %s", iface, msg);
	l->link = (uint32_t)pcap_datalink(l->pcap);
	if (!link_known(l->link))
		return ns_fail(e, NS_EKIND, "'%s': link type %u (%s) is not modelled",
		    iface, l->link, link_name(l->link));
	return NS_OK;
}

struct live *
live_open(const char *iface, struct ns_err *e)
{
	char msg[PCAP_ERRBUF_SIZE];
	struct live *l = xcalloc(1, sizeof *l);

	l->pcap = pcap_create(iface, msg);
	if (l->pcap == NULL) {
		ns_fail(e, NS_EIO, "cannot capture on '%s': %s", iface, msg);
		goto fail;
	}
	if (activate(l, iface, e) < 0)
		goto fail;
	sig_defer();
	return l;
fail:
	live_close(l);
	return NULL;
}

void
live_close(struct live *l)
{
	if (l == NULL)
		return;
	if (l->pcap != NULL)
		pcap_close(l->pcap);
	free(l);
}

/* libpcap itself may wait for ever, whatever its time limit and whatever signals come.
 */
static void
wait_frame(struct live *l)
{
	struct pollfd p = {.fd = pcap_get_selectable_fd(l->pcap), .events = POLLIN};

	poll(&p, p.fd >= 0, LIVE_WAIT_MS);
}

int
live_next(struct live *l, struct frame *f, struct ns_err *e)
{
	struct pcap_pkthdr *h;
	int rc;

	while ((rc = pcap_next_ex(l->pcap, &h, &f->p)) == 0) {
		if (sig_stop() != 0)
			return 0;
		wait_frame(l);
	}
	if (sig_stop() != 0)
		return 0;
	if (rc < 0)
		return ns_fail(e, NS_EIO, "capture failed: %s", pcap_geterr(l->pcap));
	f->t_ns = (int64_t)h->ts.tv_sec * 1000000000 +
	    (int64_t)h->ts.tv_usec * (l->nano ? 1 : 1000);
	f->caplen = h->caplen;
	f->wire_len = h->len;
	f->link = l->link;
	f->why = SKIP_NONE;
	return 1;
}

uint64_t
live_dropped(struct live *l)
{
	struct pcap_stat s;

	return pcap_stats(l->pcap, &s) == 0 ? s.ps_drop : 0;
}
