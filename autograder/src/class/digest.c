/* digest.c - see digest.h. */
#include "digest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const uint32_t round_constants[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
    0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
    0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t
turn(uint32_t x, unsigned bits)
{
	return x >> bits | x << (32 - bits);
}

/* The 16 words of the block and the 48 made of them. */
static void
schedule(const unsigned char block[64], uint32_t w[64])
{
	for (unsigned i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | (uint32_t)block[4 * i + 3];
	for (unsigned i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + w[i - 7] +
		       (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
	}
}

static void
take_block(struct digest *d)
{
	uint32_t w[64], s[8];

	schedule(d->block, w);
	memcpy(s, d->state, sizeof s);
	for (unsigned i = 0; i < 64; i++) {
		uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
		uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
		uint32_t first = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + choice +
				 round_constants[i] + w[i];
		uint32_t second = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + majority;

		memmove(s + 1, s, 7 * sizeof *s);
		s[4] += first;
		s[0] = first + second;
	}
	for (unsigned i = 0; i < 8; i++)
		d->state[i] += s[i];
}

void
digest_begin(struct digest *d)
{
	static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

	memcpy(d->state, start, sizeof start);
	d->length = 0;
}

void
digest_add(struct digest *d, const void *bytes, size_t n)
{
	const unsigned char *from = bytes;

	while (n > 0) {
		size_t filled = d->length % sizeof d->block, part = sizeof d->block - filled;

		part = n < part ? n : part;
		memcpy(d->block + filled, from, part);
		d->length += part;
		from += part;
		n -= part;
		if (filled + part == sizeof d->block)
			take_block(d);
	}
}

void
digest_end(struct digest *d, unsigned char result[DIGEST_SIZE])
{
	uint64_t bits = d->length * 8;
	unsigned char length[8];

	digest_add(d, "\x80", 1);
	while (d->length % 64 != 56)
		digest_add(d, "", 1);
	for (unsigned i = 0; i < 8; i++)
		length[i] = (unsigned char)(bits >> (56 - 8 * i));
	digest_add(d, length, sizeof length);
	for (unsigned i = 0; i < DIGEST_SIZE; i++)
		result[i] = (unsigned char)(d->state[i / 4] >> (24 - 8 * (i % 4)));
}

void
digest_text(const unsigned char digest[DIGEST_SIZE], char text[DIGEST_TEXT])
{
	for (unsigned i = 0; i < DIGEST_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

int
digest_from_text(const char *text, unsigned char digest[DIGEST_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	if (strlen(text) != DIGEST_TEXT - 1 || strspn(text, digits) != DIGEST_TEXT - 1) {
		errno = EINVAL;
		return -1;
	}
	for (unsigned i = 0; i < DIGEST_SIZE; i++)
		digest[i] = (unsigned char)((strchr(digits, text[2 * i]) - digits) << 4 |
					    (strchr(digits, text[2 * i + 1]) - digits));
	return 0;
}
