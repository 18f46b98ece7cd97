/* version.h - what "kit_version" says in every result. */
#ifndef GABEL_VERSION_H
#define GABEL_VERSION_H

#define GABEL_VERSION "0.1"

#endif
