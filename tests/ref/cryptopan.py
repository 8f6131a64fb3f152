#!/usr/bin/env python3
"""Values of tests/unit/ns-encode/test_addresses.c: addresses mapped by Crypto-PAn.

Written after Xu, Fan, Ammar, Moon, "Prefix-preserving IP address anonymization", ICNP
2002, on strings of bits and with openssl(1) as the cipher: one block for each bit.
Arguments: the key as 64 hexadecimal digits, then addresses.
"""
import ipaddress
import subprocess
import sys


def encrypt(key, blocks):
    command = ["openssl", "enc", "-aes-128-ecb", "-nopad", "-K", key.hex()]
    return subprocess.run(command, input=blocks, capture_output=True, check=True).stdout


def bits_of(data):
    return "".join(f"{byte:08b}" for byte in data)


def mapped(key, text):
    address = ipaddress.ip_address(text)
    bits = bits_of(address.packed)
    padding = bits_of(encrypt(key[:16], key[16:]))
    blocks = [bits[:i] + padding[i:] for i in range(len(bits))]
    out = encrypt(key[:16], b"".join(int(b, 2).to_bytes(16, "big") for b in blocks))
    flips = [out[16 * i] >> 7 for i in range(len(bits))]
    number = "".join(str(int(b) ^ f) for b, f in zip(bits, flips))
    return type(address)(int(number, 2))


if __name__ == "__main__":
    for text in sys.argv[2:]:
        print(text, mapped(bytes.fromhex(sys.argv[1]), text))
