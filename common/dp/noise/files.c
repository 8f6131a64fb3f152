#include "dp/noise/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

int
dp_sync_folder(const char *path, struct ns_err *e)
{
	const char *slash = strrchr(path, '/');
	char *dir = xstrdup(path);
	int fd, rc = NS_OK;

	if (slash == NULL)
		strcpy(dir, ".");
	else
		dir[slash == path ? 1 : slash - path] = '\0';
	fd = open(dir, O_RDONLY | O_CLOEXEC);
	/* some file systems refuse to sync a folder */
	if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL && errno != ENOTSUP))
		rc = ns_fail_errno(e, NS_EIO, "cannot sync folder '%s'", dir);
	if (fd >= 0)
		close(fd);
	free(dir);
	return rc;
}
