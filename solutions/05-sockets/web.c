/* web.c - one session of the web server. See web.h. */
#include "web.h"
#include "lines.h"
#include <errno.h>

int
parse_count(const char *line, size_t n)
{
	/* STUDENT: digit by digit, so that neither a sign nor a NUL nor a huge number slips through
	 */
	int count = 0;

	for (size_t i = 0; i < n; i++) {
		if (line[i] < '0' || line[i] > '9')
			return -1;
		count = count * 10 + (line[i] - '0');
		if (count > WEB_MAX)
			return -1;
	}
	return count > 0 ? count : -1;
	/* INSTEAD
	(void)line;
	(void)n;
	return -1;
	*/
	/* END */
}

int
web_child(int fd)
{
	/* STUDENT: read a request, answer it, until the client sends no more */
	struct reader client;
	char request[WEB_LINE], answer[WEB_MAX];
	size_t n;
	int got;

	for (size_t i = 0; i != sizeof answer; i++)
		answer[i] = WEB_BYTE(i);
	reader_init(&client, fd);
	while ((got = read_line(&client, request, sizeof request, &n)) > 0) {
		int count = parse_count(request, n);

		if (count < 0) {
			errno = EPROTO;
			return -1;
		}
		if (write_all(fd, answer, (size_t)count) < 0)
			return -1;
	}
	return got;
	/* INSTEAD
	(void)fd;
	errno = ENOSYS;
	return -1;
	*/
	/* END */
}
