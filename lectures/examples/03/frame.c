/* frame.c - a message with its length in front, read back however it was cut. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// tag::readall[]
/* Reads n bytes, fewer only at the end of the file. Returns how many, or -1 with errno. */
static ssize_t
read_all(int fd, void *bytes, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t more = read(fd, (char *)bytes + got, n - got);

		if (more < 0 && errno == EINTR)
			continue; // <1>
		if (more < 0)
			return -1;
		if (more == 0)
			break; // <2>
		got += (size_t)more;
	}
	return (ssize_t)got;
}
// end::readall[]

int
main(void)
{
	static const char text[] = "hello, stream";
	unsigned char frame[2 + sizeof text], length[2];
	size_t n = sizeof text - 1;
	char answer[sizeof text] = "";
	int ends[2];

	if (pipe(ends) < 0)
		return EXIT_FAILURE;
	// tag::frame[]
	frame[0] = (unsigned char)(n >> 8); // <1>
	frame[1] = (unsigned char)n;
	memcpy(frame + 2, text, n);
	// end::frame[]
	for (size_t i = 0; i < 2 + n; i++) /* as badly cut as can be */
		if (write(ends[1], frame + i, 1) != 1)
			return EXIT_FAILURE;
	close(ends[1]);
	if (read_all(ends[0], length, 2) != 2)
		return EXIT_FAILURE;
	n = (size_t)length[0] << 8 | length[1];
	if (n >= sizeof answer || read_all(ends[0], answer, n) != (ssize_t)n)
		return EXIT_FAILURE;
	printf("%zu bytes: %s\n", n, answer);
	return EXIT_SUCCESS;
}
