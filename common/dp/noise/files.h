/* files.h: what keys and ledgers ask of their files; for files of dp only. */
#ifndef DP_FILES_H
#define DP_FILES_H

#include "base/err.h"

/* dp_sync_folder: the folder that path is in is on disk, and with it the name. */
int dp_sync_folder(const char *path, struct ns_err *e);

#endif
