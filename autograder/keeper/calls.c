#include "calls.h"

const char *
call_name(enum call call)
{
	static const char *const names[] = {
#define X(symbol, name) name,
	    CALL_FAMILIES(X)
#undef X
	};

	return call < CALL_COUNT ? names[call] : "?";
}
