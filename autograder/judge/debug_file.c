/* debug_file.c - see debug_file.h; the notes of a file are described in elf(5). */
#define _GNU_SOURCE
#include "debug_file.h"
#include "judge.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* In Debian and elsewhere the psABI's name leads to it. */
static const char linker[] = "/lib64/ld-linux-x86-64.so.2";

/* The headers and the notes of a library stand at its beginning. */
struct beginning {
	size_t n;
	_Alignas(Elf64_Ehdr) unsigned char at[4096];
};

static bool
read_beginning(struct beginning *b, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, b->at, sizeof b->at);

	if (fd >= 0)
		close(fd);
	b->n = n > 0 ? (size_t)n : 0;
	return b->n >= sizeof(Elf64_Ehdr) && memcmp(b->at, ELFMAG, SELFMAG) == 0;
}

static bool
lies_in(const struct beginning *b, size_t offset, size_t size)
{
	return offset <= b->n && size <= b->n - offset;
}

static size_t
padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* The build id among these notes, or NULL. */
static const unsigned char *
build_id_in(const struct beginning *b, size_t offset, size_t size, size_t *length)
{
	Elf64_Nhdr note;

	while (size >= sizeof note && lies_in(b, offset, size)) {
		size_t whole;

		memcpy(&note, b->at + offset, sizeof note);
		whole = sizeof note + padded(note.n_namesz) + padded(note.n_descsz);
		if (whole > size)
			break;
		*length = note.n_descsz;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof ELF_NOTE_GNU &&
		    memcmp(b->at + offset + sizeof note, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0)
			return b->at + offset + whole - padded(note.n_descsz);
		offset += whole;
		size -= whole;
	}
	return NULL;
}

static const unsigned char *
build_id(const struct beginning *b, size_t *length)
{
	const unsigned char *id = NULL;
	Elf64_Ehdr header;
	Elf64_Phdr segment;

	memcpy(&header, b->at, sizeof header);
	for (size_t i = 0; id == NULL && i < header.e_phnum; i++) {
		size_t offset = header.e_phoff + i * sizeof segment;

		if (!lies_in(b, offset, sizeof segment))
			return NULL;
		memcpy(&segment, b->at + offset, sizeof segment);
		if (segment.p_type == PT_NOTE)
			id = build_id_in(b, segment.p_offset, segment.p_filesz, length);
	}
	return id;
}

const char *
debug_file_of_linker(void)
{
	enum { BYTES = 20 }; /* of an id by SHA-1 */
	static const char digits[] = "0123456789abcdef";
	static char path[80];
	char hex[2 * BYTES + 1] = "";
	struct beginning b;
	size_t length = 0;
	const unsigned char *id = read_beginning(&b, linker) ? build_id(&b, &length) : NULL;

	if (id == NULL || length != BYTES)
		return NULL;
	for (size_t i = 0; i < BYTES; i++) {
		hex[2 * i] = digits[id[i] >> 4];
		hex[2 * i + 1] = digits[id[i] & 0xf];
	}
	snprintf(path, sizeof path, "/usr/lib/debug/.build-id/%.2s/%s.debug", hex, hex + 2);
	return access(path, R_OK) == 0 ? path : NULL;
}
