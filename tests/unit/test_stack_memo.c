// stack_memo: which words of a stack are return addresses.
#include "output/stack_memo.h"
#include "tests/unit/test.h"

enum { RUN = 0x1001, CALLER = 0x2002, SYSCALL = 0x3003, ENTRY = 0x4004 };

static const uint64_t addresses[] = {0x999, RUN, CALLER, SYSCALL, ENTRY};

static bool learn(struct stack_memo *m, const uint64_t *words, size_t count)
{
	return memo_learn(m, addresses, 5, 2, words, count);
}

static void test_slots(void)
{
	const uint64_t words[] = {7, CALLER, 0, 0, SYSCALL, 8, 8, ENTRY};
	struct stack_memo m;

	if (!CHECK(learn(&m, words, 8)))
		return;
	CHECK_INT(m.slots, 3);
	CHECK_INT(m.slot[0].above, 8);
	CHECK_INT(m.slot[0].address, CALLER);
	CHECK_INT(m.slot[1].above, 32);
	CHECK_INT(m.slot[2].above, 56);
	CHECK_INT(m.slot[2].address, ENTRY);
}

// What an earlier call has left may be the one that is found.
static void test_left_over(void)
{
	const uint64_t below[] = {CALLER, CALLER, SYSCALL, ENTRY};
	const uint64_t above[] = {CALLER, SYSCALL, SYSCALL, 0, ENTRY};
	const uint64_t far[] = {CALLER, SYSCALL, ENTRY, CALLER};
	struct stack_memo m;

	CHECK(!learn(&m, below, 4));
	CHECK(!learn(&m, above, 5));
	CHECK(!learn(&m, far, 4));
}

static void test_not_there(void)
{
	const uint64_t traced[] = {CALLER, 0xffff, ENTRY}, turned[] = {SYSCALL, CALLER, ENTRY};
	const uint64_t cut[] = {CALLER, SYSCALL};
	struct stack_memo m;

	CHECK(!learn(&m, traced, 3));
	CHECK(!learn(&m, turned, 3));
	CHECK(!learn(&m, cut, 2));
	CHECK(!learn(&m, cut, 0));
	CHECK(!memo_learn(&m, addresses, 5, 5, cut, 2)); // all of them are the program's own
	CHECK(!memo_learn(&m, addresses, 0, 0, cut, 2));
}

static void test_too_deep(void)
{
	uint64_t deep[MEMO_SLOTS + 1];
	struct stack_memo m;

	for (unsigned i = 0; i <= MEMO_SLOTS; i++)
		deep[i] = 0x1000 + i;
	CHECK(!memo_learn(&m, deep, MEMO_SLOTS + 1, 0, deep, MEMO_SLOTS + 1));
	CHECK(memo_learn(&m, deep, MEMO_SLOTS, 0, deep, MEMO_SLOTS));
	CHECK_INT(m.slots, MEMO_SLOTS);
}

TEST_MAIN(test_slots, test_left_over, test_not_there, test_too_deep)
