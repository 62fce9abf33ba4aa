//--- macros
#define FIVE 5
#define TEXT "abc"
#define SUM (FIVE + 1)
#define MINE pid
#define LONG 0xffffffffUL
#define pid 7
begin { print(FIVE); print(TEXT); print(SUM); print(MINE); print(LONG); print(pid); }
//--- conditions
#ifdef NOT_DEFINED
struct foo { nonsense };
#define N 1
#elif defined(__linux__) && 2 > 1
#define N 2
#else
#define N 3
#endif
begin { @[N] = N; }
//--- members
enum color { RED, GREEN = 5 };
struct inner { short x; };
struct foo { int a; enum color c; char name[8]; struct inner in; union { long l; unsigned u; }; struct foo *next; int arr[4]; }
begin {
	$f = (struct foo *)5;
	print($f->next->a);
	print($f->c);
	print($f->name);
	print($f->in.x);
	print($f->u);
	print($f->arr[2]);
}
//--- sizes and offsets
typedef struct { char a; long b; } pair_t;
struct packed { char a; long b; } __attribute__((packed));
begin { @ = sizeof(pair_t); @ = sizeof(struct packed); @ = offsetof(pair_t, b); @ = offsetof(struct packed, b); }
//--- constants of enums
enum { LOW = -1, NEXT, FIRST = 1 << 4 };
begin { @ = LOW; @ = NEXT; @ = FIRST + 1; }
