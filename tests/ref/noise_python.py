#!/usr/bin/env python3
"""noise_python.py: the first elements of noise, and the names of keys, for tests/unit/dp.

ChaCha20 written from RFC 8439, section 2.3, and the rest from the definition in
common/dp/noise/noise.c; nothing but Python's own library.  Prints C initialisers.
"""
import hashlib
import hmac
import math
import struct


def quarter(x, a, b, c, d):
    for i, j, k, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        x[i] = (x[i] + x[j]) & 0xFFFFFFFF
        v = x[k] ^ x[i]
        x[k] = (v << turn | v >> (32 - turn)) & 0xFFFFFFFF


def block(key, counter, nonce):
    start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574]
    start += struct.unpack("<8I", key) + (counter,) + struct.unpack("<3I", nonce)
    x = list(start)
    for _ in range(10):
        for a, b, c, d in (
            (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
            (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
        ):
            quarter(x, a, b, c, d)
    return struct.pack("<16I", *((p + q) & 0xFFFFFFFF for p, q in zip(x, start)))


def elements(key, purpose, rnd, at):
    """Two elements of the block that has number at."""
    nonce = struct.pack("<QQ", purpose | at >> 32 << 8, rnd)
    nonce = nonce[:4] + nonce[8:]
    w = struct.unpack("<8Q", block(key, at & 0xFFFFFFFF, nonce))
    x = y = 0.0
    for radius, angle in zip(w[:4], w[4:]):
        r = math.sqrt(-2 * math.log(((radius >> 11) + 1) * 2.0**-53))
        quarters = (angle >> 62) + (angle >> 10 & (1 << 52) - 1) * 2.0**-52 - 0.5
        x += r * math.cos(quarters * math.pi / 2)
        y += r * math.sin(quarters * math.pi / 2)
    return x / 2, y / 2


def main():
    key = bytes(range(32))
    for purpose, rnd, at in ((1, 0, 0), (1, 1, 0), (2, 1 << 40, (5 << 32) + 7)):
        pairs = [v for b in range(3) for v in elements(key, purpose, rnd, at + b)]
        print(purpose, rnd, 2 * at, ", ".join(f"{v:.15g}" for v in pairs))
    tag = hmac.new(key, b"netshare name of a key", hashlib.sha256).hexdigest()[:16]
    print("tag", tag)
    seed = struct.pack("<Q", 7)
    print("seed 7", hmac.new(seed, b"netshare insecure key", hashlib.sha256).hexdigest())


main()
