// structs: one call with pointers to structs of every shape, for the scripts of c.t.
enum kind { NONE, FILE_KIND = 3, SOCKET_KIND = 7 };

struct inner {
	short x;
	char tag[6];
};

struct my_node {
	int id;
	enum kind kind;
	char name[16];
	const char *label;
	unsigned a : 3, b : 7;
	unsigned long big : 40;
	struct inner in;
	union {
		long l;
		char c[8];
	};
	struct {
		int p, q;
	} pos;
	struct my_node *next;
	int arr[4];
	int (*call)(int);
	unsigned char raw[4];
	_Bool ok;
	struct inner *far;
};

struct my_packed {
	char a;
	int b;
	long c;
} __attribute__((packed));

__attribute__((noinline, noclone)) int work(const struct my_node *n, const struct my_packed *p)
{
	__asm__ volatile("" ::"r"(n), "r"(p) : "memory");
	return n->id + p->b;
}

int main(void)
{
	struct inner far = {77, "far"};
	char label[] = "lab1"; // on the stack: that page is there
	struct my_node second = {.id = 2, .kind = SOCKET_KIND, .name = "second"};
	struct my_node first = {
	    .id = 1,
	    .kind = FILE_KIND,
	    .name = "first",
	    .label = label,
	    .a = 5,
	    .b = 100,
	    .big = 0x123456789a,
	    .in = {12, "in1"},
	    .l = 0x4142434445464748,
	    .pos = {-1, -2},
	    .next = &second,
	    .arr = {10, 20, 30, 40},
	    .raw = {1, 2, 3, 250},
	    .ok = 1,
	    .far = &far,
	};
	struct my_packed packed = {'z', -123456, 1L << 40};

	return work(&first, &packed) & 0;
}
