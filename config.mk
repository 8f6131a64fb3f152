# What a packager or user may change; every value can be set on the command line.
VERSION = 0.1.0

PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man

CC = cc
AR = ar
PKG_CONFIG = pkg-config
OPT = -O3 -g
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wformat=2 -Wundef

# WERROR=1 turns warnings into errors; SAN=address,undefined builds with sanitizers
# into a folder of its own; BLAS=none uses the plain product of common/nn/gemm.c.
WERROR =
SAN =
BLAS = openblas
# NETTLE=none builds an ns-encode that refuses --map-key.
NETTLE = nettle
