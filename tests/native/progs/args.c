// args: arguments of every kind, once each. The values are in the tests.
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

struct point {
	int32_t x, y;
	const char *name;
};

int take_i8(int8_t a, int16_t b, int32_t c, int64_t d);
int take_u8(uint8_t a, uint16_t b, uint32_t c, uint64_t d);
int take_eight(long a, long b, long c, long d, long e, long f, long g, long h);
int take_string(const char *s, size_t n);
int take_bytes(const unsigned char *p, size_t n);
int take_struct(const struct point *p);
int take_null(const char *p);
int take_bad(const char *p);
bool take_bool(bool b);
int8_t give_i8(void);
uint64_t give_u64(void);
int64_t give_negative(void);
const char *give_string(void);

int take_i8(int8_t a, int16_t b, int32_t c, int64_t d)
{
	return (int)(a + b + c + d);
}

int take_u8(uint8_t a, uint16_t b, uint32_t c, uint64_t d)
{
	return (int)(a + b + c + d);
}

int take_eight(long a, long b, long c, long d, long e, long f, long g, long h)
{
	return (int)(a + b + c + d + e + f + g + h);
}

int take_string(const char *s, size_t n)
{
	return s[0] + (int)n;
}

int take_bytes(const unsigned char *p, size_t n)
{
	return p[0] + (int)n;
}

int take_struct(const struct point *p)
{
	return p->x + p->y;
}

int take_null(const char *p)
{
	return p != NULL;
}

int take_bad(const char *p)
{
	return p != NULL;
}

bool take_bool(bool b)
{
	return !b;
}

int8_t give_i8(void)
{
	return -7;
}

uint64_t give_u64(void)
{
	return UINT64_C(0xfedcba9876543210);
}

int64_t give_negative(void)
{
	return -1234567890123;
}

const char *give_string(void)
{
	static char given[] = "given";

	given[0] = 'g';
	return given;
}

int main(void)
{
	// In writable data, so that the pages are there when a probe reads them.
	static char text[] = "a string with a tab\tand an escape \033[31m";
	static char corner[] = "corner";
	static unsigned char bytes[] = {0x00, 0x01, 'a', 'b', 0xff, '\\', '"', 0x7f};
	struct point p = {.x = 3, .y = -4, .name = corner};

	text[0] = 'a';
	corner[0] = 'c';
	bytes[0] = 0;
	take_i8(-1, -2, -3, -4);
	take_u8(255, 65535, 4294967295u, UINT64_MAX);
	take_eight(1, 2, 3, 4, 5, 6, 7, 8);
	take_string(text, 5);
	take_bytes(bytes, sizeof(bytes));
	take_struct(&p);
	take_null(NULL);
	take_bad((const char *)8);
	take_bool(true);
	give_i8();
	give_u64();
	give_negative();
	give_string();
	return 0;
}
