/* order.c - a port as a number, and as it goes over the network. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int
main(void)
{
	// tag::order[]
	uint16_t port = 4711, wire = htons(port); // <1>
	unsigned char bytes[2];

	memcpy(bytes, &wire, sizeof wire);
	printf("%d is %#x, on the way: %02x %02x\n", port, (unsigned)port, bytes[0], bytes[1]);
	printf("read back: %d\n", ntohs(wire)); // <2>
	// end::order[]
	return 0;
}
