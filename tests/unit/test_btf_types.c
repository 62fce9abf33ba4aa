// The BTF reader: every tag, split BTF, names as C spells them, which prototypes a trampoline
// takes, and files that are broken on purpose.
#include "base/buf.h"
#include "base/str.h"
#include "sys/btf.h"
#include "sys/btf_file.h"
#include "sys/btf_types.h"
#include "test.h"
#include "btf_maker.h"
#include "root_fixture.h"

// Ids of the small kernel that the tests read.
struct ids {
	uint32_t integer, character, boolean, quad, wide, real, pair, triple, sock, state, flags;
	uint32_t sock_ptr, const_char, name_ptr, u8, proto, array;
};

static struct btf_file *parse(struct btf_maker *m, const struct btf_file *base)
{
	struct btf_file *f = NULL;
	size_t len;
	char *data = btf_finish(m, &len);

	CHECK_INT(btf_file_parse(data, len, base, &f), 0);
	return f;
}

static void make_scalars(struct btf_maker *m, struct ids *t)
{
	t->integer = btf_int(m, "int", 4, 1);
	t->character = btf_int(m, "char", 1, 1);
	t->boolean = btf_int(m, "_Bool", 1, 4);
	t->quad = btf_int(m, "long unsigned int", 8, 0);
	t->wide = btf_int(m, "__int128", 16, 1);
	t->real = btf_type(m, "double", BTF_TAG_FLOAT, 0, 0, 8);
	t->u8 = btf_type(m, "u8", BTF_TAG_TYPEDEF, 0, 0, t->character);
	t->const_char = btf_type(m, "", BTF_TAG_CONST, 0, 0, t->character);
	t->name_ptr = btf_type(m, "", BTF_TAG_PTR, 0, 0, t->const_char);
	t->array = btf_type(m, "", BTF_TAG_ARRAY, 0, 0, 0);
	btf_word(m, t->u8);
	btf_word(m, t->integer);
	btf_word(m, 16);
}

static void make_structs(struct btf_maker *m, struct ids *t)
{
	t->pair = btf_type(m, "pair", BTF_TAG_STRUCT, 2, 0, 16);
	btf_words(m, "a", t->quad);
	btf_word(m, 0);
	btf_words(m, "b", t->quad);
	btf_word(m, 64);
	t->triple = btf_type(m, "triple", BTF_TAG_UNION, 1, 0, 24);
	btf_words(m, "c", t->pair);
	btf_word(m, 0);
	t->sock = btf_type(m, "sock", BTF_TAG_STRUCT, 3, 1, 8); // with bitfields
	btf_words(m, "low", t->integer);
	btf_word(m, 3u << 24);
	btf_words(m, "", t->triple);
	btf_word(m, 0u << 24 | 32);
	btf_words(m, "high", t->integer);
	btf_word(m, 5u << 24 | 3);
	t->sock_ptr = btf_type(m, "", BTF_TAG_PTR, 0, 0, t->sock);
}

static void make_enums(struct btf_maker *m, struct ids *t)
{
	t->state = btf_type(m, "state", BTF_TAG_ENUM, 2, 1, 4);
	btf_words(m, "STATE_BAD", (uint32_t)-1);
	btf_words(m, "STATE_GOOD", 1);
	t->flags = btf_type(m, "flags", BTF_TAG_ENUM64, 1, 0, 8);
	btf_words(m, "FLAG_TOP", 1);
	btf_word(m, 0x80000000u);
}

// params: types, ended by UINT32_MAX.
static uint32_t make_func(struct btf_maker *m, const char *name, uint32_t ret,
			  const uint32_t *params)
{
	uint32_t n = 0;

	while (params[n] != UINT32_MAX)
		n++;
	uint32_t proto = btf_type(m, "", BTF_TAG_FUNC_PROTO, n, 0, ret);
	for (uint32_t i = 0; i < n; i++)
		btf_words(m, params[i] ? "p" : "", params[i]);
	return btf_type(m, name, BTF_TAG_FUNC, 1, 0, proto);
}
#define PARAMS(...) ((const uint32_t[]){__VA_ARGS__ __VA_OPT__(,) UINT32_MAX})

static void make_kernel(struct btf_maker *m, struct ids *t)
{
	btf_maker_init(m, 1, 0);
	make_scalars(m, t);
	make_structs(m, t);
	make_enums(m, t);
	make_func(m, "send", t->integer, PARAMS(t->sock_ptr, t->name_ptr));
}

static void test_decode(void)
{
	struct btf_maker m;
	struct ids t;
	struct btf_info i;

	make_kernel(&m, &t);
	struct btf_file *f = parse(&m, NULL);
	CHECK(btf_get(f, t.integer, &i) && i.tag == BTF_TAG_INT && i.size == 4 && i.is_signed);
	CHECK_INT(i.bits, 32);
	CHECK(btf_get(f, t.character, &i) && i.is_char);
	CHECK(btf_get(f, t.boolean, &i) && i.is_bool && !i.is_signed);
	CHECK(btf_get(f, t.array, &i) && i.elem == t.u8 && i.length == 16);
	CHECK_INT(i.index_type, t.integer);
	CHECK(btf_get(f, t.real, &i) && i.size == 8);
	CHECK(btf_get(f, t.sock_ptr, &i) && i.target == t.sock);
	CHECK(btf_get(f, 0, &i) && i.tag == BTF_TAG_VOID);
	CHECK(!btf_get(f, btf_count(f) + 1, &i) && !btf_get(f, UINT32_MAX, &i));
	CHECK_INT(btf_strip(f, t.u8), t.character);
	CHECK_INT(btf_strip(f, t.const_char), t.character);
	btf_file_close(f);
}

static void test_members(void)
{
	struct btf_maker m;
	struct ids t;
	struct btf_info i;
	struct btf_member_info member;
	struct btf_param_info p;

	make_kernel(&m, &t);
	struct btf_file *f = parse(&m, NULL);
	CHECK(btf_get(f, t.pair, &i) && i.count == 2 && btf_member(f, &i, 1, &member));
	CHECK_STR(member.name, "b");
	CHECK(member.bit_offset == 64 && member.bit_size == 0 && member.type == t.quad);
	CHECK(!btf_member(f, &i, 2, &member));
	CHECK(btf_get(f, t.sock, &i) && btf_member(f, &i, 1, &member));
	CHECK_STR(member.name, "");
	CHECK(member.bit_offset == 32 && member.bit_size == 0);
	CHECK(btf_member(f, &i, 2, &member) && member.bit_offset == 3 && member.bit_size == 5);
	CHECK(!btf_param(f, &i, 0, &p));
	CHECK(btf_get(f, btf_find(f, BTF_TAG_FUNC, "send"), &i) && btf_get(f, i.target, &i));
	CHECK_INT(i.target, t.integer);
	CHECK(btf_param(f, &i, 1, &p) && p.type == t.name_ptr && !btf_param(f, &i, 2, &p));
	btf_file_close(f);
}

static void test_enums(void)
{
	struct btf_maker m;
	struct ids t;
	int64_t value;
	uint32_t id;

	make_kernel(&m, &t);
	struct btf_file *f = parse(&m, NULL);
	CHECK(btf_find_enumerator(f, "STATE_BAD", &value, &id) && id == t.state);
	CHECK_INT(value, -1);
	CHECK(btf_find_enumerator(f, "FLAG_TOP", &value, &id) && id == t.flags);
	CHECK_INT(value, (int64_t)0x8000000000000001);
	CHECK(!btf_find_enumerator(f, "STATE", &value, &id));
	CHECK(!btf_find_enumerator(f, "", &value, &id));
	btf_file_close(f);
}

// The same answers before and after the index is built.
static void test_names(void)
{
	struct btf_maker m;
	struct ids t;

	make_kernel(&m, &t);
	uint32_t second = make_func(&m, "send", 0, PARAMS());
	struct btf_file *f = parse(&m, NULL);
	for (int i = 0; i < 6; i++) {
		CHECK_INT(btf_find(f, BTF_TAG_STRUCT, "sock"), t.sock);
		CHECK_INT(btf_find(f, BTF_TAG_UNION, "sock"), 0);
		CHECK_INT(btf_find(f, BTF_TAG_ENUM, "flags"), t.flags);
		CHECK_INT(btf_find(f, BTF_TAG_ENUM, "state"), t.state);
		CHECK_INT(btf_find(f, BTF_TAG_TYPEDEF, "u8"), t.u8);
		CHECK_INT(btf_find(f, BTF_TAG_FUNC, ""), 0);
		CHECK(btf_find(f, BTF_TAG_FUNC, "send") && btf_find(f, BTF_TAG_FUNC, "send") < second);
	}
	btf_file_close(f);
}

static void check_spelling(const struct btf_file *f, uint32_t id, const char *want)
{
	struct buf b = {0};

	btf_type_name(f, id, &b);
	CHECK_STR(buf_str(&b), want);
	buf_release(&b);
}

static void test_spelling(void)
{
	struct btf_maker m;
	struct ids t;

	make_kernel(&m, &t);
	uint32_t proto = btf_type(&m, "", BTF_TAG_FUNC_PROTO, 2, 0, t.name_ptr);
	btf_words(&m, "s", t.sock_ptr);
	btf_words(&m, "", 0);
	uint32_t callback = btf_type(&m, "", BTF_TAG_PTR, 0, 0, proto);
	uint32_t callbacks = btf_type(&m, "", BTF_TAG_ARRAY, 0, 0, 0);
	btf_word(&m, callback);
	btf_word(&m, t.integer);
	btf_word(&m, 4);
	uint32_t to_array = btf_type(&m, "", BTF_TAG_PTR, 0, 0, t.array);
	uint32_t const_ptr = btf_type(&m, "", BTF_TAG_CONST, 0, 0, t.name_ptr);
	uint32_t to_const_ptr = btf_type(&m, "", BTF_TAG_PTR, 0, 0, const_ptr);
	uint32_t user = btf_type(&m, "user", BTF_TAG_TYPE_TAG, 0, 0, t.sock);
	uint32_t user_ptr = btf_type(&m, "", BTF_TAG_PTR, 0, 0, user);
	uint32_t anonymous = btf_type(&m, "", BTF_TAG_UNION, 0, 0, 0);
	struct btf_file *f = parse(&m, NULL);
	check_spelling(f, 0, "void");
	check_spelling(f, t.sock_ptr, "struct sock *");
	check_spelling(f, t.name_ptr, "const char *");
	check_spelling(f, t.array, "u8[16]");
	check_spelling(f, to_array, "u8 (*)[16]");
	check_spelling(f, t.flags, "enum flags");
	check_spelling(f, callback, "const char *(*)(struct sock *, ...)");
	check_spelling(f, callbacks, "const char *(*[4])(struct sock *, ...)");
	check_spelling(f, const_ptr, "const char *const");
	check_spelling(f, to_const_ptr, "const char *const *");
	check_spelling(f, user_ptr, "struct sock *");
	check_spelling(f, anonymous, "union (anon)");
	check_spelling(f, btf_find(f, BTF_TAG_FUNC, "send"), "int send(struct sock *, const char *)");
	check_spelling(f, 9999, "...");
	btf_file_close(f);
}

static bool count_func(void *ctx, const struct btf_info *func)
{
	return func->tag == BTF_TAG_FUNC && ++*(int *)ctx < 2;
}

static void test_module(void)
{
	struct btf_maker m;
	struct ids t;
	struct btf_info i;
	int funcs = 0, base_funcs = 0;

	make_kernel(&m, &t);
	struct btf_file *base = parse(&m, NULL);
	btf_maker_init(&m, btf_count(base) + 1, base->strings_len);
	uint32_t own = btf_type(&m, "conn", BTF_TAG_STRUCT, 1, 0, 8);
	btf_words(&m, "sk", t.sock_ptr);
	btf_word(&m, 0);
	uint32_t func = make_func(&m, "conn_get", t.sock_ptr, PARAMS(t.quad));
	struct btf_file *f = parse(&m, base);
	CHECK_INT(own, btf_count(base) + 1);
	for (int n = 0; n < 6; n++) {
		CHECK_INT(btf_find(f, BTF_TAG_STRUCT, "conn"), own);
		CHECK_INT(btf_find(f, BTF_TAG_STRUCT, "sock"), t.sock);
		CHECK_INT(btf_find(f, BTF_TAG_FUNC, "conn_get"), func);
		CHECK_INT(btf_find(f, BTF_TAG_FUNC, "send"), 0); // not of this module
		CHECK_INT(btf_find(base, BTF_TAG_STRUCT, "conn"), 0);
	}
	CHECK(btf_get(f, func, &i));
	CHECK_STR(i.name, "conn_get");
	check_spelling(f, func, "struct sock *conn_get(long unsigned int)");
	CHECK(btf_get(f, t.sock, &i) && !btf_get(base, own, &i));
	btf_each_func(f, count_func, &funcs);
	btf_each_func(base, count_func, &base_funcs);
	CHECK_INT(funcs, 1);
	CHECK_INT(base_funcs, 1);
	btf_file_close(f);
	btf_file_close(base);
}

static void check_refused(const struct btf_file *f, uint32_t id, bool returns, const char *part)
{
	const char *why = btf_proto_refused(f, id, returns);

	if (part ? !why || !strstr(why, part) : why != NULL)
		CHECK_STR(why, part);
}

static void test_prototypes(void)
{
	struct btf_maker m;
	struct ids t;
	uint32_t i;

	make_kernel(&m, &t);
	i = t.integer;
	uint32_t none = make_func(&m, "none", 0, PARAMS());
	uint32_t twelve = make_func(&m, "twelve", i, PARAMS(i, i, i, i, i, i, i, i, i, i, i, i));
	uint32_t more = make_func(&m, "more", i, PARAMS(i, i, i, i, i, i, i, i, i, i, i, i, i));
	uint32_t by_value = make_func(&m, "by_value", i, PARAMS(t.pair, t.state, t.flags, t.wide));
	uint32_t slots = make_func(&m, "slots", i,
				   PARAMS(t.pair, t.pair, t.pair, t.pair, t.pair, t.pair, i));
	uint32_t large = make_func(&m, "large", i, PARAMS(t.triple));
	uint32_t real = make_func(&m, "real", i, PARAMS(t.real));
	uint32_t array = make_func(&m, "array", i, PARAMS(t.array));
	uint32_t dots = make_func(&m, "dots", i, PARAMS(i, 0));
	uint32_t empty = make_func(&m, "empty", i, PARAMS(0, i));
	uint32_t gives_struct = make_func(&m, "gives_struct", t.pair, PARAMS());
	uint32_t gives_union = make_func(&m, "gives_union", t.triple, PARAMS());
	uint32_t gives_real = make_func(&m, "gives_real", t.real, PARAMS());
	uint32_t gives_wide = make_func(&m, "gives_wide", t.wide, PARAMS());
	struct btf_file *f = parse(&m, NULL);
	for (int returns = 0; returns < 2; returns++) {
		check_refused(f, none, returns, NULL);
		check_refused(f, twelve, returns, NULL);
		check_refused(f, more, returns, "more than 12 arguments");
		check_refused(f, by_value, returns, NULL);
		check_refused(f, slots, returns, "more than 12 registers");
		check_refused(f, large, returns, "larger than 16 bytes");
		check_refused(f, real, returns, "not an integer");
		check_refused(f, array, returns, "not an integer");
		check_refused(f, dots, returns, "variable arguments");
		check_refused(f, empty, returns, "not an integer");
		check_refused(f, gives_struct, returns, "by value");
		check_refused(f, gives_union, returns, "by value");
		check_refused(f, gives_real, returns, "return type");
		check_refused(f, gives_wide, returns, returns ? "more than 8 bytes" : NULL);
		check_refused(f, t.sock, returns, "not describe");
		check_refused(f, 0, returns, "not describe");
	}
	btf_file_close(f);
}

// ---- broken files ------------------------------------------------------------------------

// Whatever was accepted must be readable to its end; the sanitizers watch.
static void read_all(struct btf_file *f)
{
	struct buf b = {0};
	int64_t value;
	uint32_t id;

	for (uint32_t i = 0; i <= btf_count(f) + 1; i++) {
		buf_clear(&b);
		btf_type_name(f, i, &b);
		btf_proto_refused(f, i, true);
		btf_strip(f, i);
	}
	for (int i = 0; i < 5; i++)
		btf_find(f, BTF_TAG_STRUCT, "sock");
	btf_find_enumerator(f, "FLAG_TOP", &value, &id);
	buf_release(&b);
}

static bool try_bytes(const char *data, size_t len)
{
	struct btf_file *f = NULL;
	char *copy = malloc(len + 1);

	memcpy(copy, data, len);
	if (btf_file_parse(copy, len, NULL, &f))
		return false;
	read_all(f);
	btf_file_close(f);
	return true;
}

static void test_broken(void)
{
	struct btf_maker m;
	struct ids t;
	size_t len;

	make_kernel(&m, &t);
	char *data = btf_finish(&m, &len);
	CHECK(try_bytes(data, len));
	for (size_t i = 0; i < len; i++)
		CHECK(!try_bytes(data, i));
	for (size_t i = 0; i < len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			data[i] = (char)(data[i] ^ 1 << bit);
			try_bytes(data, len);
			data[i] = (char)(data[i] ^ 1 << bit);
		}
	}
	uint16_t swapped = 0x9feb;
	memcpy(data, &swapped, 2);
	CHECK(!try_bytes(data, len));
	free(data);
}

static void test_rings(void)
{
	struct btf_maker m;

	btf_maker_init(&m, 1, 0);
	btf_type(&m, "ring", BTF_TAG_TYPEDEF, 0, 0, 2);
	btf_type(&m, "", BTF_TAG_CONST, 0, 0, 1);
	btf_type(&m, "", BTF_TAG_PTR, 0, 0, 3);
	btf_type(&m, "", BTF_TAG_ARRAY, 0, 0, 0);
	btf_word(&m, 4);
	btf_word(&m, 4);
	btf_word(&m, 4000000000u);
	btf_type(&m, "", BTF_TAG_FUNC_PROTO, 1000, 0, 5);
	for (int i = 0; i < 1000; i++)
		btf_words(&m, "", 5);
	btf_type(&m, "f", BTF_TAG_FUNC, 0, 0, 5);
	struct btf_file *f = parse(&m, NULL);
	CHECK_INT(btf_strip(f, 1), 0);
	read_all(f);
	btf_file_close(f);
}

// ---- files -------------------------------------------------------------------------------

static void test_open(void)
{
	struct root_fixture root;
	struct btf_maker m;
	struct ids t;
	size_t len;
	int err;

	CHECK(root_make(&root));
	CHECK(!btf_file_open(root.path, NULL, NULL, &err) && err == -ENOENT);
	make_kernel(&m, &t);
	char *data = btf_finish(&m, &len);
	CHECK(root_put_bytes(&root, "sys/kernel/btf/vmlinux", data, len));
	struct btf_file *base = btf_file_open(root.path, NULL, NULL, &err);
	CHECK(base != NULL);
	CHECK_INT(btf_find(base, BTF_TAG_STRUCT, "sock"), t.sock);
	CHECK(!btf_file_open(root.path, "missing", base, &err) && err == -ENOENT);
	CHECK(!btf_file_open(root.path, "../btf/vmlinux", base, &err) && err == -EINVAL);
	CHECK(!btf_file_open(root.path, "vmlinux", NULL, &err) && err == -EINVAL);
	btf_file_close(base);
	CHECK(root_put_bytes(&root, "other", data, len - 1));
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/other", root.path);
	setenv("BPFTRACE_BTF", path, 1);
	CHECK(!btf_file_open(root.path, NULL, NULL, &err) && err == -EINVAL);
	unsetenv("BPFTRACE_BTF");
	btf_file_close(NULL);
	free(data);
	root_remove(&root);
}

static void test_this_kernel(void)
{
	const char *names[] = {"vfs_read", "no_such_function"};
	struct btf_func found[2];
	struct btf_info func;
	int err;

	struct btf_file *f = btf_file_open("/", NULL, NULL, &err);
	if (!f)
		SKIP("this kernel has no BTF");
	uint32_t id = btf_find(f, BTF_TAG_FUNC, "vfs_read");
	CHECK(btf_get(f, id, &func));
	check_spelling(f, func.target, "ssize_t (struct file *, char *, size_t, loff_t *)");
	CHECK_STR(btf_proto_refused(f, id, true), NULL);
	CHECK_INT(btf_find_funcs(BTF_VMLINUX, names, 2, found), 0);
	CHECK_INT(found[0].id, id);
	CHECK_INT(found[0].param_count, 4);
	CHECK_INT(found[1].id, 0);
	btf_file_close(f);
}

TEST_MAIN(test_decode, test_members, test_enums, test_names, test_spelling, test_module,
	  test_prototypes, test_broken, test_rings, test_open, test_this_kernel)
