/* Capture files, pcap and pcapng, and the frames in them. */
#include <stddef.h>
#include <stdint.h>

#include "../../tools/ns-ingest/capture.h"
#include "../../tools/ns-ingest/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct packet packet;
	struct capture c;
	struct frame f;
	struct input in;
	struct ns_err e;
	int rc;

	input_mem(&in, p, n);
	rc = capture_open(&c, &in, &e);
	while (rc >= 0 && (rc = capture_next(&c, &f, &e)) > 0)
		if (f.why == SKIP_NONE)
			link_packet(f.link, f.p, f.caplen, f.wire_len, &packet);
	capture_close(&c);
	input_close(&in);
	return 0;
}
