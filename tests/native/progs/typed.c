// typed: arguments of many types, for args. Built with debug information.
//
// Strings are on the stack: what is in the program's file may not be in memory yet.
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum color { RED, GREEN = 5, BLUE = -1 };
union number {
	int i;
	long l;
};
struct inner {
	int a;
	char name[8];
};
struct item {
	int x;
	unsigned b1 : 3, b2 : 5;
	struct item *next;
	const char *name;
	struct inner in;
	int arr[4];
	enum color c;
	union number u;
	char txt[16];
	int grid[2][3];
	struct {
		int hidden;
	};
	uint8_t bytes[2];
};
typedef struct item item_t;
typedef struct {
	int q;
} untagged;
struct big {
	long values[4];
};
struct pair {
	long first, second;
};
struct mixed {
	double d;
	int n;
};

struct wide {
	char c;
	__int128 value;
	unsigned __int128 many[2];
};

int take_ints(int a, long b, unsigned char c, bool d, char e, short f);
int take_item(struct item *p, const item_t *cp, untagged *un, enum color c, char *s);
int take_name(int number, char *name);
int take_other(char *name, int number);
int take_long_name(long number, long name);
int take_many(int a1, int a2, int a3, int a4, int a5, int a6, int a7, long a8);
int take_values(struct inner in, struct pair pair, int after);
int take_floats(float f, int n, double d, int m);
int take_mixed(struct mixed m, int after);
int by_value(struct item item, int n, struct pair pair);
int by_value_late(int n, struct pair pair, struct big big, struct item item);
struct big give_big(int x);
int wide_ints(unsigned __int128 u, int after, struct wide *w);
int take_nothing(void);
int outer(int depth, struct item *p);

int take_ints(int a, long b, unsigned char c, bool d, char e, short f)
{
	return (int)(a + b + c + d + e + f);
}

int take_item(struct item *p, const item_t *cp, untagged *un, enum color c, char *s)
{
	return p->x + cp->x + un->q + (int)c + s[0];
}

int take_name(int number, char *name)
{
	return number + name[0];
}

int take_other(char *name, int number)
{
	return number + name[0];
}

int take_long_name(long number, long name)
{
	return (int)(number + name);
}

int take_many(int a1, int a2, int a3, int a4, int a5, int a6, int a7, long a8)
{
	return (int)(a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8);
}

int take_values(struct inner in, struct pair pair, int after)
{
	return (int)(in.a + pair.first + pair.second + after);
}

int take_floats(float f, int n, double d, int m)
{
	return (int)(f + d) + n + m;
}

int take_mixed(struct mixed m, int after)
{
	return (int)m.d + m.n + after;
}

// The callee owns its copy, and changes it.
int by_value(struct item item, int n, struct pair pair)
{
	item.x = 0;
	pair.first = 0;
	return item.x + n + (int)pair.first;
}

int by_value_late(int n, struct pair pair, struct big big, struct item item)
{
	item.x = 0;
	pair.first = 0;
	return item.x + n + (int)pair.first + (int)big.values[0];
}

struct big give_big(int x)
{
	struct big b = {{x, x, x, x}};

	return b;
}

int wide_ints(unsigned __int128 u, int after, struct wide *w)
{
	return (int)((long)u + after + w->c);
}

int take_nothing(void)
{
	return 1;
}

// Recursive: each return has the arguments of its own entry.
int outer(int depth, struct item *p)
{
	int x = p->x;

	p->x++;
	if (depth > 0)
		x += outer(depth - 1, p);
	return x;
}

int main(void)
{
	char first[16], second[16], hello[16];
	untagged un = {11};

	strcpy(first, "first");
	strcpy(second, "second");
	strcpy(hello, "hello");
	struct item other = {.x = 77, .name = second};
	struct item item = {
	    .x = 42,
	    .b1 = 5,
	    .b2 = 17,
	    .next = &other,
	    .name = first,
	    .in = {7, "inner"},
	    .arr = {1, 2, 3, 4},
	    .c = GREEN,
	    .u = {.i = 3},
	    .txt = "text",
	    .grid = {{1, 2, 3}, {4, 5, 6}},
	    .hidden = 8,
	    .bytes = {65, 66},
	};
	struct inner in = {9, "value"};
	struct pair pair = {100, 200};
	struct mixed mixed = {1.5, 6};

	take_ints(-1, -2, 200, true, 'c', -5);
	take_item(&item, &other, &un, GREEN, hello);
	take_name(3, hello);
	take_other(hello, 4);
	take_long_name(5, 6);
	take_many(1, 2, 3, 4, 5, 6, 7, 8);
	take_values(in, pair, 4);
	take_floats(1.5f, 2, 2.5, 3);
	take_mixed(mixed, 8);
	by_value(item, 1, pair);
	by_value_late(2, pair, give_big(5), other);
	wide_ints(((unsigned __int128)7 << 64) + 5, 6, &(struct wide){'w', -8, {9, 10}});
	take_nothing();
	outer(2, &item);
	return 0;
}
