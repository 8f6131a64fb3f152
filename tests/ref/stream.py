#!/usr/bin/env python3
"""Write the streams in tests/data/stream with a second implementation of ns-stream(5).

usage: stream.py DIR

One small stream of each kind, without compression, so that the reader is tested against
bytes it did not write and old versions of the format stay readable.
"""
import struct
import sys

TABLE = []
for i in range(256):
    for _ in range(8):
        i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
    TABLE.append(i)


def crc32c(data, crc=0):
    crc ^= 0xFFFFFFFF
    for b in data:
        crc = TABLE[(crc ^ b) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


U8, U16, U32, U64, I64, F32, F64, ADDR, BYTES, BIT, CATEGORY, WORD, REAL = range(1, 14)
PLAIN, ATTR, FEAT = range(3)


class Stream:
    def __init__(self, kind, width, fields):
        p = b"\x8eNSR\r\n\x1a\n" + struct.pack("<HH", 1, 0)
        self.out = p + struct.pack("<I", crc32c(p))
        self.n = self.raw = self.rows = 0
        self.crcs = b""
        s = struct.pack("<BBHI", kind, 1, len(fields), width)
        for name, typ, role, shape, unit, ipfix in fields:
            s += struct.pack("<BBHI", typ, role, ipfix, shape)
            s += bytes([len(name)]) + name.encode() + bytes([len(unit)]) + unit.encode()
        self.frame(b"SCHM", s, critical=True)

    def frame(self, typ, payload, critical=False, rows=0):
        pad = bytes(-len(payload) % 8)
        h = typ + struct.pack("<HHIII", 2 if critical else 0, self.n & 0xFFFF,
                              len(payload), len(payload), rows)
        crc = struct.pack("<I", crc32c(h + payload + pad))
        self.out += h + crc + payload + pad
        self.n += 1
        self.raw += len(payload)
        self.rows += rows
        self.crcs += crc

    def meta(self, **kv):
        self.frame(b"META", "".join(f"{k.replace('__', '.')}={v}\n"
                                    for k, v in kv.items()).encode())

    def table(self, name, data, public=0):
        self.frame(b"DICT", bytes([public, len(name)]) + name.encode() + data)

    def records(self, records):
        self.frame(b"ROWS", b"".join(records), True, len(records))

    def end(self, path):
        p = struct.pack("<QQQII", self.n, self.rows, self.raw, crc32c(self.crcs), 0)
        self.frame(b"END ", p, True)
        with open(path, "wb") as f:
            f.write(self.out)


def v4(text):
    return bytes(10) + b"\xff\xff" + bytes(int(x) for x in text.split("."))


V6 = bytes.fromhex("20010db8000000000000000000000001")
V6B = bytes.fromhex("20010db8000000000000000000000002")
TUPLE = [("src_ip", ADDR, 1, "", 8), ("dst_ip", ADDR, 1, "", 12),
         ("src_port", U16, 1, "", 7), ("dst_port", U16, 1, "", 11), ("proto", U8, 1, "", 4)]
P_TIME = [("t_ns", I64, 1, "ns", 325)]
P_REST = [("ip_len", U32, 1, "byte", 224), ("ip_id", U32, 1, "", 54),
          ("frag_off", U16, 1, "8byte", 88), ("tcp_flags", U16, 1, "", 6),
          ("label", U16, 1, "labels", 0), ("ip_flags", U8, 1, "", 197),
          ("tos", U8, 1, "", 5), ("ttl", U8, 1, "", 192), ("icmp_type", U8, 1, "", 176),
          ("icmp_code", U8, 1, "", 177)]
F_TIME = [("t_start_ns", I64, 1, "ns", 156), ("dur_ns", I64, 1, "ns", 0)]
F_REST = [("n_pkts", U64, 1, "packet", 2), ("n_bytes", U64, 1, "byte", 1),
          ("tcp_flags", U16, 1, "", 6), ("type", U16, 1, "labels", 0),
          ("label", U16, 1, "labels", 0)]


def role(r, fields):
    return [(n, t, r, s, u, i) for n, t, s, u, i in fields]


def key(src, dst, sp, dp, proto):
    return src + dst + struct.pack("<HHB", sp, dp, proto)


def p_rest(length, ident, off, flags, label, ipf, tos, ttl, icmp=(0, 0)):
    return struct.pack("<IIHHHBBBBB", length, ident, off, flags, label, ipf, tos, ttl, *icmp)


WEB = key(v4("10.0.0.1"), v4("192.0.2.7"), 40000, 443, 6)
DNS = key(v4("10.0.0.2"), v4("198.51.100.1"), 5353, 53, 17)
PING = key(V6, V6B, 0, 0, 58)
T0 = 1600000000000000000


def packet(path):
    s = Stream(1, 64, role(PLAIN, P_TIME + TUPLE + P_REST))
    s.meta(source__format="pcap", trace__kind="packet")
    s.table("labels", b"benign\nscan \"x\"\\\n")
    t = lambda n: struct.pack("<q", T0 + n)
    s.records([t(0) + WEB + p_rest(60, 1, 0, 2, 1, 2, 0, 64),
               t(1500) + DNS + p_rest(80, 7, 0, 0, 0, 0, 4, 63)])
    s.records([t(2000000000) + PING + p_rest(104, 0, 0, 0, 2, 0, 0, 255, (128, 0)),
               t(2000000001) + WEB + p_rest(1500, 2, 0, 16, 1, 2, 0, 64)])
    s.meta(ingest__records=4)
    s.frame(b"PROV", b"tool=ns-ingest\nversion=0.1.0\nargs=x.pcap\n")
    s.frame(b"NOTE", b"made by hand\nwith \x1b[1m care")
    s.frame(b"XTRA", b"of another time")
    s.end(path)


def flow(path):
    s = Stream(2, 75, role(PLAIN, F_TIME + TUPLE + F_REST))
    s.meta(source__format="csv", trace__kind="flow")
    s.table("labels", b"background\nblacklist\n")
    s.records([struct.pack("<qq", T0, 5000000) + WEB + struct.pack("<QQHHH", 10, 5000, 27, 1, 0),
               struct.pack("<qq", T0 + 1, 0) + DNS + struct.pack("<QQHHH", 1, 80, 0, 2, 0)])
    s.end(path)


def series(path):
    s = Stream(3, 0, role(ATTR, TUPLE + [("flow_starts", U8, 1, "", 0),
                                         ("n_steps", U32, 1, "", 0)])
               + role(FEAT, P_TIME + P_REST) + role(ATTR, [("flow_chunks", BYTES, 0, "", 0)]))
    s.meta(trace__kind="packet", chunk__index=1, chunk__count=10, chunk__t0_ns=T0,
           chunk__len_ns=1000000000, chunk__series=2, chunk__records=3)
    s.table("labels", b"benign\n")
    t = lambda n: struct.pack("<q", T0 + n)
    steps = [[t(0) + p_rest(60, 1, 0, 2, 1, 2, 0, 64), t(9) + p_rest(52, 2, 0, 16, 0, 2, 0, 64)],
             [t(5) + p_rest(80, 7, 0, 0, 0, 0, 4, 63)]]
    records = []
    for k, starts, st, tags in ((WEB, 1, steps[0], 0b1000001010), (DNS, 0, steps[1], 0b11)):
        r = k + bytes([starts]) + struct.pack("<I", len(st)) + b"".join(st)
        r += struct.pack("<H", tags)
        records.append(struct.pack("<I", len(r)) + r)
    s.records(records)
    s.end(path)


def tensor(path):
    s = Stream(4, 0, [("addr", BIT, ATTR, 10, "", 0), ("port", WORD, ATTR, 2, "port", 0),
                      ("len", REAL, FEAT, 1, "", 0), ("class", CATEGORY, FEAT, 3, "", 0)])
    s.meta(chunk__index=0, chunk__series=2, chunk__records=3)
    s.table("table.port", struct.pack("<IIffff", 2, 2, 1, 0, 0.6, 0.8), public=1)
    step = lambda x, c: struct.pack("<fB", x, c)
    records = []
    for bits, port, st in ((b"\xa5\x40", 1, [(0, 0), (0.25, 2)]), (b"\0\0", 0, [(1, 1)])):
        r = bits + struct.pack("<HI", port, len(st)) + b"".join(step(*x) for x in st)
        records.append(struct.pack("<I", len(r)) + r)
    s.records(records)
    s.end(path)


def model(path):
    s = Stream(5, 0, [])
    s.meta(chunk__index=4)

    def part(name, typ, dims, first, count, data):
        p = struct.pack("<BBBBI", typ, len(dims), len(name), 0, 0)
        p += struct.pack(f"<{len(dims)}Q", *dims) + struct.pack("<QQ", first, count)
        s.frame(b"TNSR", p + name + bytes(-len(name) % 8) + data, True)

    part(b"gen.w", F32, (2, 3), 0, 4, struct.pack("<4f", 1, 2, 0, 2))
    part(b"gen.w", F32, (2, 3), 4, 2, struct.pack("<2f", 0, 4))
    part(b"step", U64, (), 0, 1, struct.pack("<Q", 12))
    part(b"scale", F64, (1,), 0, 1, struct.pack("<d", -0.5))
    s.end(path)


def report(path):
    s = Stream(6, 0, [("value", F64, PLAIN, 1, "", 0), ("range", I64, PLAIN, 2, "", 0),
                      ("metric", BYTES, PLAIN, 0, "", 0)])
    records = []
    for v, lo, hi, name in ((0.125, -1, 1, b"SA"), (float("nan"), 0, 2, b"tab\there"),
                          (2.5, -5, 5, b"\xff\xc3\xa9\xed\xa0\x80\xe2\x82")):
        r = struct.pack("<dqq", v, lo, hi) + name
        records.append(struct.pack("<I", len(r)) + r)
    s.records(records)
    s.end(path)


def main():
    for f in (packet, flow, series, tensor, model, report):
        f(f"{sys.argv[1]}/{f.__name__}.ns")


if __name__ == "__main__":
    main()
