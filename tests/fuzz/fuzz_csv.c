/* Text files of packets and flows. */
#include <stddef.h>
#include <stdint.h>

#include "../../tools/ns-ingest/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct packet packet;
	struct labels labels;
	struct input in;
	struct ns_err e;
	struct flow flow;
	enum skip why;
	bool no_ports;
	struct csv c;
	int rc;

	labels_init(&labels);
	input_mem(&in, p, n);
	rc = csv_open(&c, &in, &labels, UNIT_AUTO, &e);
	while (rc >= 0 && (rc = csv_next(&c, &packet, &flow, &why, &no_ports, &e)) > 0)
		;
	csv_close(&c);
	input_close(&in);
	labels_free(&labels);
	return 0;
}
