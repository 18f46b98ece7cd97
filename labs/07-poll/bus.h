/*
 * bus.h - the message bus: what the lines between a member and the program bus mean.
 *
 * If N programs talk to each other directly, they need N(N-1) ways, one for each
 * sender and receiver. With a bus in the middle everybody has one connection:
 * N connections for N members. A member has a name; it sends to another name, or
 * publishes to a topic for everybody who has subscribed to it.
 *
 * What a client says (LF is the newline; SP is exactly one blank):
 *
 *	line        = command LF
 *	command     = "name" SP name
 *	            / "subscribe" SP topic
 *	            / "unsubscribe" SP topic
 *	            / "publish" SP topic SP text
 *	            / "send" SP name SP text
 *	            / "quit"
 *	name, topic = 1*BUS_WORD_MAX( letter / digit / "." / "_" / "-" )   of ASCII
 *	text        = any bytes but NUL and LF, also none
 *
 * Every line gets one answer, in the order of the lines: BUS_OK, or "error " and
 * a reason. After an error the session goes on. The reasons, of which the first
 * that applies is given:
 *
 *	error too long          the line has more than LINES_LONGEST bytes
 *	error syntax            it is no command, or holds a NUL
 *	error name first        the client has no name yet (quit needs none)
 *	error already named     name: it has one
 *	error name taken        name: another member has it
 *	error not subscribed    unsubscribe: it has not subscribed to this topic
 *	error too many topics   subscribe: it has BUS_TOPICS_MAX already
 *	error no such member    send: nobody has this name
 *	error no memory         name, subscribe: there is none left
 *
 * name         From now on the client is a member. All other members hear
 *              "joined NAME".
 * subscribe    What is published to the topic comes, once, however often
 *              the member has subscribed.
 * unsubscribe  It comes no more.
 * publish      All other members that have subscribed to the topic hear
 *              "published TOPIC NAME TEXT", NAME being the publisher's. The
 *              publisher itself does not. It is no error when that is nobody.
 * send         The member of this name hears "sent NAME TEXT", NAME being the
 *              sender's. To send to oneself is allowed; the answer comes first.
 * quit         The answer is sent, and the connection is closed. Lines behind
 *              it are not handled.
 *
 * "ok" means that the bus has taken the message, not that somebody has read it.
 * The messages of one member reach another one in the order of its lines.
 *
 * When a member leaves, all other members hear "left NAME REASON", once, and the
 * name is free. REASON is
 *
 *	quit      it said so
 *	closed    it sent the end of the file (also when the program was killed)
 *	failed    its connection was reset, or failed otherwise
 *	slow      more than QUEUE_LIMIT bytes would have waited for it
 *
 * Clients without a name are not spoken of and hear only the answers to their lines.
 */
#ifndef BUS_H
#define BUS_H

enum {
	BUS_WORD_MAX = 32,   /* bytes of a name or a topic */
	BUS_TOPICS_MAX = 16, /* topics of one member */
};

#define BUS_OK "ok\n"

#endif
