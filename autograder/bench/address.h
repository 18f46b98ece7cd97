/*
 * address.h - the words that the benchmark's clients are called with.
 */
#ifndef BENCH_ADDRESS_H
#define BENCH_ADDRESS_H

#include <netinet/in.h>

/* "127.0.0.1:4711" in numbers, with a port that is not 0. Returns 0, or -1. */
int address_parse(const char *text, struct sockaddr_in *address);

/* Digits only, at most max; -1 otherwise. */
long address_number(const char *text, long max);

#endif
