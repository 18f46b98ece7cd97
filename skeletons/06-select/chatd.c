/* chatd.c - a chat server. See chat.h. */
#include "chat.h"
#include "listener.h"
#include <stdio.h>
#include <stdlib.h>

/* YOUR WORK: a helper that makes a number of the word IDLE, and notices what is none */

int
main(int argc, char *argv[])
{
	/* YOUR WORK: look at the arguments, listen, serve; say what goes wrong */
	(void)argc;
	(void)argv;
	return 125;
}
