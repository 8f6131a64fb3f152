#!/bin/sh
# ns-cat: what it shows, copies, checks and refuses.
# The streams were written by tests/ref/stream.py, not by the suite.
. "$(dirname "$0")/lib.sh"
s=$data/stream
tab=$(printf '\t')

# cut_at N FILE: the first N bytes.
cut_at() {
	head -c "$1" "$2"
}

# ---- Text ----

is 'packets as text' "$(ns-cat -T "$s/packet.ns" 2>&1)" "$(tr ' ' '\t' <<'END' | tr '_' ' ' | sed '1s/ /_/g'
t_ns src_ip dst_ip src_port dst_port proto ip_len ip_id frag_off tcp_flags label ip_flags tos ttl icmp_type icmp_code
1600000000000000000 10.0.0.1 192.0.2.7 40000 443 6 60 1 0 2 benign 2 0 64 0 0
1600000000000001500 10.0.0.2 198.51.100.1 5353 53 17 80 7 0 0  0 4 63 0 0
1600000002000000000 2001:db8::1 2001:db8::2 0 0 58 104 0 0 0 scan_"x"\x5c 0 0 255 128 0
1600000002000000001 10.0.0.1 192.0.2.7 40000 443 6 1500 2 0 16 benign 2 0 64 0 0
END
)"
is 'flows as text' "$(ns-cat -T "$s/flow.ns" 2>&1)" "$(tr ' ' '\t' <<'END' | tr -d @
t_start_ns dur_ns src_ip dst_ip src_port dst_port proto n_pkts n_bytes tcp_flags type label
1600000000000000000 5000000 10.0.0.1 192.0.2.7 40000 443 6 10 5000 27 background @
1600000000000000001 0 10.0.0.2 198.51.100.1 5353 53 17 1 80 0 blacklist @
END
)"
is 'series as text, a line a step' "$(ns-cat -T "$s/series.ns" 2>&1)" "$(tr ' ' '\t' <<'END'
chunk src_ip dst_ip src_port dst_port proto flow_starts n_steps flow_chunks step t_ns ip_len ip_id frag_off tcp_flags label ip_flags tos ttl icmp_type icmp_code
1 10.0.0.1 192.0.2.7 40000 443 6 1 2 1,3,9 0 1600000000000000000 60 1 0 2 benign 2 0 64 0 0
1 10.0.0.1 192.0.2.7 40000 443 6 1 2 1,3,9 1 1600000000000000009 52 2 0 16  2 0 64 0 0
1 10.0.0.2 198.51.100.1 5353 53 17 0 1 0,1 0 1600000000000000005 80 7 0 0  0 4 63 0 0
END
)"
is 'tensors as codes' "$(ns-cat -T "$s/tensor.ns" 2>&1)" "$(tr ' ' '\t' <<'END'
chunk series addr port n_steps step len class
0 0 1010010101 1 2 0 0 0
0 0 1010010101 1 2 1 0.25 2
0 1 0000000000 0 1 0 1 1
END
)"
is 'arrays of a model' "$(ns-cat -T "$s/model.ns" 2>&1)" "$(tr ' ' '\t' <<'END'
chunk name type dims count norm
4 gen.w f32 2x3 6 5
4 step u64 1 1 12
4 scale f64 1 1 0.5
END
)"
is 'report as text' "$(ns-cat -T -n 2 "$s/report.ns" 2>&1)" "$(tr ' ' '\t' <<'END'
value range metric
0.125 -1,1 SA
nan 0,2 tab\x09here
END
)"
is 'JSON of packets' "$(ns-cat -J -n 1 "$s/packet.ns" 2>&1)" \
	'{"t_ns":1600000000000000000,"src_ip":"10.0.0.1","dst_ip":"192.0.2.7","src_port":40000,"dst_port":443,"proto":6,"ip_len":60,"ip_id":1,"frag_off":0,"tcp_flags":2,"label":"benign","ip_flags":2,"tos":0,"ttl":64,"icmp_type":0,"icmp_code":0}'
is 'JSON escapes' "$(ns-cat -J -f label "$s/packet.ns" | tail -n 2 | head -n 1)" \
	'{"label":"scan \"x\"\\"}'
is 'JSON lists' "$(ns-cat -J -f flow_chunks,step "$s/series.ns")" \
	'{"flow_chunks":[1,3,9],"step":0}
{"flow_chunks":[1,3,9],"step":1}
{"flow_chunks":[0,1],"step":0}'
is 'JSON of what is no number' "$(ns-cat -J -f value,range "$s/report.ns" | sed 1d)" \
	'{"value":null,"range":[0,2]}
{"value":2.5,"range":[-5,5]}'
is 'JSON of what is no UTF-8' "$(ns-cat -J -f metric "$s/report.ns" | tail -n 1)" \
	"$(printf '{"metric":"\\ufffd\303\251\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd"}')"
is 'fields chosen, in the order asked for' "$(ns-cat -T -f proto,src_ip -n 2 <"$s/packet.ns")" \
	"proto${tab}src_ip
6${tab}10.0.0.1
17${tab}10.0.0.2"
is 'a count of series, not of steps' "$(ns-cat -T -n 1 -f step "$s/series.ns")" 'step
0
1'
is 'count 0' "$(ns-cat -T -n 0 -f proto "$s/packet.ns")" proto
fails 2 "^ns-cat: there is no field 'x' in t_ns,src_ip," ns-cat -T -f src_ip,x "$s/packet.ns"

# ---- Header, counts, frames ----

is 'header' "$(cd "$s" && ns-cat -H packet.ns | sed '/^    [a-z_]* [aiu]/d')" 'packet.ns: stream 1: packet, version 1, 64 bytes a record, 4 records, crc32c:b3dcb260
  fields
  metadata
    source.format=pcap
    trace.kind=packet
    ingest.records=4
  tables
    labels private, 17 bytes
  provenance
    tool=ns-ingest
    version=0.1.0
    args=x.pcap
  note
    made by hand
    with \x1b[1m care'
is 'fields in the header' "$(ns-cat -H "$s/tensor.ns" | sed -n 3,6p)" '    addr bit[10] attribute
    port word[2] attribute port
    len real feature
    class category[3] feature'
is 'counts' "$(cd "$s" && ns-cat -C series.ns model.ns)" "$(tr ' ' '\t' <<'END'
file stream kind chunk records steps
series.ns 1 series 1 2 3
model.ns 1 model 4 3 -
total 2 - - 5 3
END
)"
is 'frames' "$(ns-cat -X "$s/flow.ns")" "$(printf 'offset\ttype\tflags\tsequence\tstored\traw\trows\tcrc
16\tSCHM\t-c\t0\t234\t234\t0\t94e94d5d
280\tMETA\t--\t1\t34\t34\t0\t22217335
344\tDICT\t--\t2\t29\t29\t0\t874b0b4a
400\tROWS\t-c\t3\t150\t150\t2\tbabeb75c
576\tEND \t-c\t4\t32\t32\t0\ta08f0183')"
cut_at 600 "$s/flow.ns" >cut.ns
fails 65 "^ns-cat: 'cut.ns': byte 576: stream ends before its END frame" ns-cat -X cut.ns
is 'frames before the damage are listed' "$(wc -l <out)" 5

# ---- Copying ----

for k in packet flow series tensor model report; do
	for z in 0 3; do
		ns-cat -z $z -o copy.ns "$s/$k.ns"
		ok "$k copied, level $z" ns-cat -K copy.ns
		ns-cat -T copy.ns >a
		ns-cat -T "$s/$k.ns" >b
		ok "$k, level $z: same records" cmp a b
		ns-cat -H copy.ns | sed -e 1d -e '/^  provenance/,$d' >a
		ns-cat -H "$s/$k.ns" | sed -e 1d -e '/^  provenance/,$d' >b
		ok "$k, level $z: same schema, metadata and tables" cmp a b
	done
done
ns-cat -a 'my note' -z 0 "$s/packet.ns" >copy.ns
is 'provenance is carried, the note added' "$(ns-cat -H copy.ns |
	sed -e '1,/labels private/d' -e 's/version=.*/version=V/')" "  provenance
    tool=ns-ingest
    version=V
    args=x.pcap
  provenance
    tool=ns-cat
    version=V
    args=$(ns-cat -H copy.ns | sed -n 's/^    args=\(.*my.*\)/\1/p')
    input=stream crc32c:b3dcb260
  note
    made by hand
    with \\x1b[1m care
  note
    my note"
is 'frames of another time are carried' "$(ns-cat -X copy.ns | grep -c XTRA)" 1
is 'no arguments with --no-prov' \
	"$(ns-cat --no-prov "$s/flow.ns" | ns-cat -H | grep -c args=)" 0
ns-cat "$s/packet.ns" >a.ns
ns-cat "$s/packet.ns" >b.ns
ok 'equal inputs give equal bytes' cmp a.ns b.ns
ns-cat <"$s/packet.ns" | cmp -s - a.ns
cat "$s/packet.ns" a.ns >joined.ns
is 'joined streams' "$(ns-cat -C joined.ns | cut -f 2,3,5)" "$(tr ' ' '\t' <<'END'
stream kind records
1 packet 4
2 packet 4
2 - 8
END
)"
is 'several files become several streams' \
	"$(ns-cat a.ns joined.ns | ns-cat -C | tail -n 1 | cut -f 2,5)" "3${tab}12"
is 'one header line for all' "$(ns-cat -T -f proto a.ns joined.ns | wc -l)" 13
is 'the first records of a copy' "$(ns-cat -n 5 joined.ns | ns-cat -C | cut -f 5)" 'records
4
1
5'
is 'streams after the last record wanted are left out' \
	"$(ns-cat -n 4 joined.ns | ns-cat -C | cut -f 5)" 'records
4
4'
is 'no record at all' "$(ns-cat -n 0 a.ns | ns-cat -C | tail -n 1)" "$(printf 'total\t1\t-\t-\t0\t-')"
ns-cat -n 1 "$s/series.ns" >one.ns
ok 'a cut series stream is good' ns-cat -K one.ns
is 'its metadata says how many' "$(ns-cat -H one.ns | grep -E 'chunk.(series|records)')" \
	'    chunk.series=1
    chunk.records=2'
is 'the first array of a model' "$(ns-cat -n 1 "$s/model.ns" | ns-cat -T -f name)" 'name
gen.w'
for k in packet flow series; do
	for p in 0 1 2; do
		ns-cat --part $p/3 "$s/$k.ns" >part.$p.ns
		ns-cat -T -f src_ip,src_port part.$p.ns | sed 1d
	done | sort >a
	ns-cat -T -f src_ip,src_port "$s/$k.ns" | sed 1d | sort >b
	ok "parts of $k make up the whole" cmp a b
	ns-cat -T --part 1/3 "$s/$k.ns" >a
	ns-cat -T part.1.ns >b
	ok "part of $k as text is the same as of a copy" cmp a b
done
is 'a flow is in one part' "$(for p in 0 1 2 3 4; do
	ns-cat -T --part $p/5 -f src_ip "$s/packet.ns" | grep -c 10.0.0.1
done | sort | tr '\n' ' ')" '0 0 0 0 2 '
fails 65 'needs packets, flows or series, not a tensor stream' ns-cat --part 1/2 "$s/tensor.ns"
fails 65 'needs packets, flows or series, not a model stream' ns-cat -T --part 1/2 "$s/model.ns"

# ---- Refusals ----

fails 65 "^ns-cat: '.*flow.ns': a flow stream behind a packet stream" ns-cat a.ns "$s/flow.ns"
ns-cat "$s/packet.ns" "$s/flow.ns" >mixed.ns 2>/dev/null
fails 65 'what wrote it failed with status 65' ns-cat -K mixed.ns
ns-cat a.ns none.ns >short.ns 2>/dev/null
fails 65 'what wrote it failed with status 74' ns-cat -K short.ns
ok 'check says nothing' test -z "$(ns-cat -K a.ns joined.ns 2>&1)"
: >empty.ns
fails 65 "^ns-cat: 'empty.ns' is empty, not a stream$" ns-cat -K empty.ns
echo 'srcip,dstip' >x.csv
fails 65 "^ns-cat: 'x.csv' is not a netshare stream; read captures and CSV files with ns-ingest$" ns-cat -T x.csv
fails 65 "is a directory|directory" ns-cat -H .
fails 74 "^ns-cat: cannot open 'none.ns'" ns-cat -H none.ns
sed 's/$/\r/' "$s/flow.ns" >crlf.ns
fails 65 'line ends were changed' ns-cat -K crlf.ns
echo junk | cat a.ns - >junk.ns
fails 65 'bytes behind the stream' ns-cat -K junk.ns
cut_at 700 "$s/packet.ns" | ns-cat >bad.ns 2>err
is 'a cut input, and its copy' "$? $(ns-cat -K bad.ns 2>&1 | sed 's/.*: //')" \
	'65 what wrote it failed with status 65'
cut_at 700 "$s/packet.ns" >cut.ns
fails 65 'END frame' ns-cat -o never.ns cut.ns
ok 'no partial output under the final name' test ! -e never.ns
ns-cat - "$s/packet.ns" - <a.ns >twice.ns 2>err
is 'standard input named twice' "$? $(cat err)" "65 ns-cat: 'standard input' is empty, not a stream"
fails 74 'No space left' sh -c 'ns-cat -T a.ns >/dev/full'
fails 74 'No space left' sh -c 'ns-cat a.ns >/dev/full'
fails 2 '^ns-cat: -C and -T cannot go together' ns-cat -CT a.ns
fails 2 'option --fields needs -T or -J' ns-cat -f x a.ns
fails 2 'option --count has no meaning with -C' ns-cat -C -n 1 a.ns
fails 2 'option --output has no meaning with -K' ns-cat -K -o x a.ns
fails 2 'option --level has no meaning with -T' ns-cat -T -z 1 a.ns
fails 2 'option --note has no meaning with -H' ns-cat -H -a x a.ns
fails 2 'compression level 20 is not in 0 .. 19' ns-cat -z 20 a.ns
for p in 2/2 3/2 1 1/ /2 1/2x -1/2 0/0 1/2/3 a; do
	fails 2 "option --part: '$p' is not K/N" ns-cat "--part=$p" a.ns
done
i=0
while [ $i -lt 2000 ]; do
	cat "$s/packet.ns"
	i=$((i + 1))
done >many.ns
ns-cat -T many.ns 2>err | head -c 1 >/dev/null
ok 'a reader that goes away is no error' test ! -s err
done_testing
