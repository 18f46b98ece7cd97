/*
 * tables.c - prints what a run of the benchmark has brought, beside the book's figures.
 *
 *	bench-tables RESULTS BOOK [LOCKS]
 *
 * RESULTS is what bench-run has written, BOOK is book.json, LOCKS what bench-locks has written.
 *Every figure is computed from the first and the last or stands in the second.
 */
#include "figures.h"
#include "lock_figures.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ---- the machine and the load -------------------------------------------------------------- */

static void
print_head(const json_t *results)
{
	const json_t *m = json_object_get(results, "machine");
	const json_t *s = json_object_get(results, "settings");
	const json_t *rates = json_object_get(results, "rates");

	printf("%s: %s, %.0f processors, %.0f MiB%s; %s; %s\n", figures_text(results, "day"),
	    figures_text(m, "processor"), figures_number(m, "processors"),
	    figures_number(m, "memory_mib"),
	    json_is_true(json_object_get(m, "virtual")) ? ", virtual" : "",
	    figures_text(m, "kernel"), figures_text(m, "system"));
	printf("One process makes and waits for %.0f processes, or %.0f threads, in a second.\n",
	    figures_number(rates, "fork"), figures_number(rates, "thread"));
	printf("%.0f rounds; %.0f clients x %.0f processes x %.0f connections x %.0f bytes; %.0f "
	       "children or threads; %s\n",
	    figures_number(s, "rounds"), figures_number(s, "clients"),
	    figures_number(s, "processes"), figures_number(s, "connections"),
	    figures_number(s, "bytes"), figures_number(s, "children"),
	    json_is_true(json_object_get(s, "pinned"))
		? "server and clients on processors of their own"
		: "processors shared by server and clients");
}

/* ---- cells
 * --------------------------------------------------------------------------------------- */

/* A number, or a dash where there is none. */
static void
print_cell(const json_t *object, const char *key, int width, int digits)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_number(value))
		printf(" %*.*f", width, digits, json_number_value(value));
	else
		printf(" %*s", width, "-");
}

static void
print_book(const json_t *row, int width)
{
	const char *text = figures_text(row, "book");

	printf(" %*s", width, *text != '\0' ? text : "-");
}

static void
print_remark(const json_t *row)
{
	double discarded = figures_number(row, "discarded");

	if (json_is_true(json_object_get(row, "disturbed")))
		printf("  all runs were disturbed by others");
	else if (discarded > 0)
		printf("  %.0f discarded", discarded);
	putchar('\n');
}

/* ---- Table 30.1
 * -------------------------------------------------------------------------------------- */

static bool
has_lean(const json_t *rows)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		if (json_is_number(json_object_get(row, "lean")))
			return true;
	}
	return false;
}

/* "spare-lean" is the longest. */
static int
id_width(bool with_lean)
{
	return with_lean ? 10 : 5;
}

static void
print_row(const json_t *row, bool with_lean)
{
	printf("%-*s %-44s", id_width(with_lean), figures_text(row, "id"), figures_text(row, "en"));
	print_book(row, 6);
	print_cell(row, "control", 8, 3);
	print_cell(row, "cpu", 8, 3);
	print_cell(row, "least", 8, 3);
	printf(" -");
	print_cell(row, "most", 6, 3);
	print_cell(row, "ratio", 7, 2);
	if (with_lean)
		print_cell(row, "lean", 7, 2);
	print_cell(row, "per_second", 8, 0);
	print_cell(row, "p99", 8, 2);
	print_cell(row, "switches", 7, 1);
	print_cell(row, "runs", 4, 0);
	print_remark(row);
}

static void
print_costs(const json_t *rows)
{
	const bool lean = has_lean(rows);
	const json_t *row;
	size_t i;

	puts("\nTable 30.1: CPU time of the server, seconds. control: what it uses more than the "
	     "iterative one.\n");
	printf("%-*s %-44s %6s %8s %8s %17s %7s%s %8s %8s %7s %4s\n", id_width(lean), "", "",
	    "book", "", "today", "", "", lean ? "        " : "", "", "p99", "switch/", "");
	printf("%-*s %-44s %6s %8s %8s %17s %7s%s %8s %8s %7s %4s\n", id_width(lean), "", "",
	    "contr.", "control", "median", "least -   most", "x iter.", lean ? "  x lean" : "",
	    "req./s", "ms", "request", "runs");
	json_array_foreach(rows, i, row) print_row(row, lean);
}

/* ---- Table 30.2
 * ----------------------------------------------------------------------------------------- */

static void
print_count(const json_t *list, size_t i)
{
	const json_t *value = json_array_get(list, i);

	if (value != NULL)
		printf(" %5.0f", json_number_value(value));
	else
		printf(" %5s", "");
}

/* How many lines the longest column needs. */
static size_t
height(const json_t *columns)
{
	size_t i, most = 0;
	const json_t *column;

	json_array_foreach(columns, i, column)
	{
		size_t n = json_array_size(json_object_get(column, "today"));

		most = n > most ? n : most;
	}
	return most;
}

static void
print_titles(const json_t *columns)
{
	const json_t *column;
	size_t i;

	puts("\nTable 30.2: clients per child or thread, book and today (today: the last run).\n");
	json_array_foreach(columns, i, column)
	    printf("%8s: %s\n", figures_text(column, "id"), figures_text(column, "en"));
	printf("\n%7s", "");
	json_array_foreach(columns, i, column) printf("  %11s", figures_text(column, "id"));
	printf("\n%7s", "child");
	json_array_foreach(columns, i, column) printf("  %5s %5s", "book", "today");
	putchar('\n');
}

static void
print_clients(const json_t *columns)
{
	static const char *const ends[] = {"least", "median", "most"};
	const json_t *column;
	size_t i;

	if (json_array_size(columns) == 0)
		return;
	print_titles(columns);
	for (size_t child = 0; child < height(columns); child++) {
		printf("%7zu", child);
		json_array_foreach(columns, i, column)
		{
			putchar(' ');
			print_count(json_object_get(column, "book"), child);
			print_count(json_object_get(column, "today"), child);
		}
		putchar('\n');
	}
	puts("in all rounds:");
	for (size_t end = 0; end < sizeof ends / sizeof *ends; end++) {
		printf("%7s", ends[end]);
		json_array_foreach(columns, i, column)
		    printf(" %6s %5.0f", "", figures_number(column, ends[end]));
		putchar('\n');
	}
}

/* ---- the herd
 * ---------------------------------------------------------------------------------------------- */

static void
print_way(const json_t *way)
{
	printf("%10s %-24s", "", figures_text(way, "en"));
	print_cell(way, "cpu", 8, 3);
	print_cell(way, "least", 8, 3);
	printf(" -");
	print_cell(way, "most", 6, 3);
	if (json_is_true(json_object_get(way, "idle"))) {
		printf(" %10s %8s %8s", "-", "-", "-");
	} else {
		print_cell(way, "switches", 10, 1);
		print_cell(way, "per_second", 8, 0);
		print_cell(way, "p99", 8, 2);
	}
	print_cell(way, "runs", 4, 0);
	print_remark(way);
}

static void
print_herd(const json_t *herd)
{
	const json_t *one, *way;
	size_t i, j;

	if (json_array_size(herd) == 0)
		return;
	puts("\nThe thundering herd: many processes wait for clients at one address.\n");
	printf("%10s %-24s %8s %17s %10s %8s %8s %4s\n", "children", "they wait in", "CPU s",
	    "least -   most", "switch/req", "req./s", "p99 ms", "runs");
	json_array_foreach(herd, i, one)
	{
		printf("%10.0f\n", figures_number(one, "children"));
		json_array_foreach(json_object_get(one, "ways"), j, way) print_way(way);
	}
}

/* The book measured this one by the way, in its text. */
static void
print_select(const json_t *book)
{
	const json_t *s = json_object_get(book, "select");
	const json_t *collisions = json_object_get(s, "collisions");

	printf("\nThe book, all children in select: %.0f and %.0f collisions in %.0f connections;\n"
	       "control %s s instead of %s s.\n",
	    json_number_value(json_array_get(collisions, 0)),
	    json_number_value(json_array_get(collisions, 1)), figures_number(s, "connections"),
	    figures_text(s, "cpu_select"), figures_text(s, "cpu_accept"));
}

static void
print_skipped(const json_t *results)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(results, "skipped"), i, one)
	    printf("\nNot measured: %s (%s): lab %s is not there yet.", figures_text(one, "id"),
		figures_text(one, "en"), figures_text(one, "lab"));
	putchar('\n');
}

/* ---- the lock daemon ------------------------------------------------------------------------ */

static void
print_daemon(const json_t *way, const json_t *d)
{
	const json_t *handover = json_object_get(d, "handover");

	printf("%7.0f %-10s %-7s", figures_number(way, "clients"),
	    strcmp(figures_text(way, "mode"), "own") == 0 ? "one each" : "the same",
	    figures_text(d, "daemon"));
	print_cell(d, "per_second", 8, 0);
	print_cell(d, "least", 8, 0);
	printf(" -");
	print_cell(d, "most", 7, 0);
	print_cell(d, "p99", 8, 3);
	print_cell(d, "used", 8, 1);
	print_cell(handover, "p50", 9, 3);
	print_cell(handover, "p99", 8, 3);
	print_cell(handover, "p999", 8, 3);
	print_cell(handover, "longest", 8, 3);
	print_cell(handover, "ratio", 7, 2);
	putchar('\n');
}

static void
print_waiting(const json_t *ways)
{
	const json_t *way, *d;
	size_t i, j;

	puts("\nWaiting for a lock that another one keeps: all sessions of the daemon together, in "
	     "a "
	     "second.\n");
	printf("%7s %-7s %8s %14s\n", "clients", "daemon", "CPU ms", "wakes of each");
	json_array_foreach(ways, i, way)
	{
		json_array_foreach(json_object_get(way, "daemons"), j, d)
		{
			printf("%7.0f %-7s", figures_number(way, "clients"),
			    figures_text(d, "daemon"));
			print_cell(d, "cpu", 8, 3);
			print_cell(d, "wakes", 14, 2);
			putchar('\n');
		}
	}
}

static void
print_locks(const json_t *locks)
{
	const json_t *floors = json_object_get(locks, "floors"), *way, *d;
	size_t i, j;

	puts("\nThe lock daemon (mutexd: processes and links; fifod: one process and its memory).");
	printf("Alone, in a second: %.0f links made and removed; %.0f round trips of a byte over "
	       "TCP. A pair has two.\n\n",
	    figures_number(floors, "link"), figures_number(floors, "ping_pong"));
	printf("%7s %-10s %-7s %8s %18s %8s %8s %9s %8s %8s %8s %7s\n", "", "", "", "pairs", "",
	    "p99", "CPU us", "hand-over", "p99", "p99.9", "longest", "p99.9 x");
	printf("%7s %-10s %-7s %8s %18s %8s %8s %9s %8s %8s %8s %7s\n", "clients", "lock", "daemon",
	    "a second", "least -    most", "ms", "a pair", "median ms", "ms", "ms", "ms", "fifod");
	json_array_foreach(json_object_get(locks, "ways"), i, way)
	{
		json_array_foreach(json_object_get(way, "daemons"), j, d) print_daemon(way, d);
	}
	print_waiting(json_object_get(locks, "idle"));
}

/* Returns 0, or -1 after a line on standard error. */
static int
print_locks_of(const char *path)
{
	json_t *read = figures_read(path), *locks = read ? lock_figures_make(read) : NULL;

	if (locks != NULL)
		print_locks(locks);
	json_decref(read);
	json_decref(locks);
	return locks != NULL ? 0 : -1;
}

int
main(int argc, char *argv[])
{
	bool called = argc == 3 || argc == 4;
	json_t *results = called ? figures_read(argv[1]) : NULL;
	json_t *book = called ? figures_read(argv[2]) : NULL;
	json_t *figures = results && book ? figures_make(results, book) : NULL;

	bool failed = figures == NULL;

	if (!called)
		fputs("usage: bench-tables RESULTS BOOK [LOCKS]\n", stderr);
	if (figures != NULL) {
		print_head(results);
		print_costs(json_object_get(figures, "rows"));
		print_clients(json_object_get(figures, "columns"));
		print_herd(json_object_get(figures, "herd"));
		print_select(book);
		print_skipped(results);
	}
	if (figures != NULL && argc == 4 && print_locks_of(argv[3]) < 0)
		failed = true;
	json_decref(figures);
	json_decref(book);
	json_decref(results);
	if (!called)
		return 2;
	return !failed && fflush(stdout) == 0 ? 0 : 1;
}
