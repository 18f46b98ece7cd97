/*
 * sample.h - what several runs say together.
 */
#ifndef BENCH_SAMPLE_H
#define BENCH_SAMPLE_H

#include <stddef.h>

/*
 * The value in the middle; of an even number of values the mean of the two in the middle; 0 when
 * there is none. Sorts the values.
 */
double sample_median(double *values, size_t n);

#endif
