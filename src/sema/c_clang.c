// c_clang: the script's C comes in as text; a translation unit of libclang stays open, and names
// are looked up in it. Types of the kernel that no header defines are given to libclang as bytes
// of their size, taken from BTF, until it complains no more; whoever asks for one then gets the
// kernel's. Refuses C that libclang finds errors in.
#include "sema/c_clang.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sema/btf_type.h"

#define MAX_ROUNDS 8 // of types that were missing
#define MAIN_FILE "/mtrace/script.c"
#define BUILTIN_DIR "/mtrace/include"

// What a compiler brings along itself.
static const char stddef_text[] =
    "#ifndef MT_STDDEF\n#define MT_STDDEF\ntypedef __SIZE_TYPE__ size_t;\n"
    "typedef __PTRDIFF_TYPE__ ptrdiff_t;\ntypedef __WCHAR_TYPE__ wchar_t;\n"
    "#define NULL ((void *)0)\n#define offsetof(t, m) __builtin_offsetof(t, m)\n#endif\n";
static const char stdarg_text[] =
    "#ifndef MT_STDARG\n#define MT_STDARG\ntypedef __builtin_va_list va_list;\n"
    "typedef __builtin_va_list __gnuc_va_list;\n#endif\n";
static const char stdbool_text[] = "#define bool _Bool\n#define true 1\n#define false 0\n";
static const char stdint_text[] =
    "#ifndef MT_STDINT\n#define MT_STDINT\n"
    "typedef __INT8_TYPE__ int8_t;\ntypedef __UINT8_TYPE__ uint8_t;\n"
    "typedef __INT16_TYPE__ int16_t;\ntypedef __UINT16_TYPE__ uint16_t;\n"
    "typedef __INT32_TYPE__ int32_t;\ntypedef __UINT32_TYPE__ uint32_t;\n"
    "typedef __INT64_TYPE__ int64_t;\ntypedef __UINT64_TYPE__ uint64_t;\n"
    "typedef __INTPTR_TYPE__ intptr_t;\ntypedef __UINTPTR_TYPE__ uintptr_t;\n"
    "typedef __INTMAX_TYPE__ intmax_t;\ntypedef __UINTMAX_TYPE__ uintmax_t;\n#endif\n";
static const char limits_text[] =
    "#define CHAR_BIT __CHAR_BIT__\n#define INT_MAX __INT_MAX__\n"
    "#define INT_MIN (-__INT_MAX__ - 1)\n#define LONG_MAX __LONG_MAX__\n"
    "#define UINT_MAX (__INT_MAX__ * 2U + 1U)\n#define ULONG_MAX (__LONG_MAX__ * 2UL + 1UL)\n";

#define BUILTIN(name, text)                                                                        \
	{                                                                                          \
		BUILTIN_DIR "/" name, text, sizeof(text) - 1                                       \
	}
#define BUILTIN_COUNT 5

const char *c_clang_text(struct c_clang *cc, struct clang_string s)
{
	const char *text = cc->api->getCString(s);
	const char *copy = arena_strndup(cc->d->arena, text ? text : "", text ? strlen(text) : 0);

	cc->api->disposeString(s);
	return copy;
}

// ---- the text
// ------------------------------------------------------------------------------------

static void put_script(struct cdefs *d, struct buf *out)
{
	const struct compile_options *o = d->c->options;
	const struct ast *ast = &d->c->ast;

	for (size_t i = 0; o && i < o->include_count; i++)
		buf_printf(out, "#include \"%s\"\n", o->includes[i]);
	for (size_t i = 0; i < ast->c_imports.len; i++)
		buf_printf(out, "#include \"%s\"\n", ast->c_imports.data[i].path);
	for (size_t i = 0; i < ast->c_items.len; i++) {
		struct span at = ast->c_items.data[i].span;
		const struct source *src = sources_find(&d->c->sources, at.begin);

		buf_append(out, src->text + (at.begin - src->base), at.end - at.begin);
		buf_puts(out, src->text[at.begin - src->base] == '#' ? "\n" : ";\n");
	}
}

// As many bytes as the kernel's type has; its name is all that is looked at.
static bool put_placeholder(struct cdefs *d, const char *name, struct buf *out)
{
	struct btf_source *s = btf_source_get(d->c, NULL, NULL);
	struct type *t = s ? s->pub.find(&s->pub, name) : NULL;
	bool tagged = strchr(name, ' ');

	type_complete(t);
	if (!t || !t->size || t->size > C_MAX_TYPE_SIZE)
		return false;
	if (type_is_int(t) && !tagged)
		buf_printf(out, "typedef __%sINT%u_TYPE__ %s;\n", t->is_signed ? "" : "U",
			   t->size * 8, name);
	else if (t->kind == TYPE_ENUM)
		buf_printf(out, "%s { mt_placeholder_%u = -1 };\n", name, t->btf_id);
	else if (tagged)
		buf_printf(out, "%s { char mt_placeholder[%u]; } __attribute__((aligned(%u)));\n",
			   name, t->size, t->align ? t->align : 1);
	else
		buf_printf(out,
			   "typedef struct { char mt_placeholder[%u]; } "
			   "__attribute__((aligned(%u))) %s;\n",
			   t->size, t->align ? t->align : 1, name);
	return true;
}

// ---- complaints
// ----------------------------------------------------------------------------------

// "unknown type name 'u32'", "field has incomplete type 'struct list_head'"
static const char *missing_type(struct c_clang *cc, const char *text)
{
	const char *begin, *end;

	if (!strstr(text, "unknown type name") && !strstr(text, "incomplete type"))
		return NULL;
	begin = strchr(text, '\'');
	end = begin ? strpbrk(begin + 1, "'[") : NULL;
	if (!end)
		return NULL;
	while (end > begin + 1 && end[-1] == ' ')
		end--;
	return arena_strndup(cc->d->arena, begin + 1, (size_t)(end - begin - 1));
}

// True: nothing is wrong. Else *more: types were added to `types` that may mend it.
static bool complains_not(struct c_clang *cc, struct c_table *given, struct buf *types, bool *more)
{
	unsigned n = cc->api->getNumDiagnostics(cc->unit);
	bool clean = true;

	*more = false;
	for (unsigned i = 0; i < n; i++) {
		void *g = cc->api->getDiagnostic(cc->unit, i);
		bool error = cc->api->getDiagnosticSeverity(g) >= CLANG_SEVERITY_ERROR;
		const char *name =
		    error ? missing_type(cc, c_clang_text(cc, cc->api->getDiagnosticSpelling(g)))
			  : NULL;

		cc->api->disposeDiagnostic(g);
		clean = clean && !error;
		if (!name || c_table_get(given, name))
			continue;
		c_table_set(cc->d->arena, given, name, cc);
		*more = put_placeholder(cc->d, name, types) || *more;
	}
	return clean;
}

// ---- parsing
// -------------------------------------------------------------------------------------

static bool parse_once(struct c_clang *cc, const c_args *args, const struct buf *text)
{
	struct clang_unsaved files[1 + BUILTIN_COUNT] = {
	    {MAIN_FILE, buf_str(text), text->len}, BUILTIN("stddef.h", stddef_text),
	    BUILTIN("stdarg.h", stdarg_text),	   BUILTIN("stdbool.h", stdbool_text),
	    BUILTIN("stdint.h", stdint_text),	   BUILTIN("limits.h", limits_text),
	};

	if (cc->unit)
		cc->api->disposeTranslationUnit(cc->unit);
	cc->unit = NULL;
	return cc->api->parseTranslationUnit2(
		   cc->index, MAIN_FILE, args->data, (int)args->len, files, 1 + BUILTIN_COUNT,
		   CLANG_DETAILED_PREPROCESSING | CLANG_SKIP_BODIES, &cc->unit) == 0;
}

static bool parse(struct c_clang *cc)
{
	_cleanup_(buf_release) struct buf script = {0}, types = {0};
	struct c_table given = {0};
	c_args args = {0};
	bool more = true;

	c_include_args(cc->d, &args);
	arena_push(cc->d->arena, &args, "-isystem");
	arena_push(cc->d->arena, &args, BUILTIN_DIR);
	put_script(cc->d, &script);
	for (int round = 0; more && round < MAX_ROUNDS; round++) {
		_cleanup_(buf_release) struct buf text = {0};

		buf_append(&text, buf_str(&types), types.len);
		buf_append(&text, buf_str(&script), script.len);
		if (!parse_once(cc, &args, &text))
			return false;
		if (complains_not(cc, &given, &types, &more))
			return true;
	}
	return false;
}

// ---- names
// ---------------------------------------------------------------------------------------

static void enter(struct c_clang *cc, const char *prefix, struct clang_cursor c)
{
	struct arena *a = cc->d->arena;
	const char *spelled = c_clang_text(cc, cc->api->getCursorSpelling(c));
	struct clang_cursor *copy;

	if (!*spelled)
		return;
	copy = arena_new(a, struct clang_cursor);
	*copy = c;
	c_table_set(a, &cc->names, arena_printf(a, "%s%s", prefix, spelled), copy);
}

static int enter_name(struct clang_cursor c, struct clang_cursor parent, void *data)
{
	struct c_clang *cc = data;

	(void)parent;
	switch (c.kind) {
	case CLANG_STRUCT:
	case CLANG_UNION:
		if (cc->api->isCursorDefinition(c))
			enter(cc, c.kind == CLANG_UNION ? "union " : "struct ", c);
		return CLANG_RECURSE;
	case CLANG_ENUM:
		if (cc->api->isCursorDefinition(c))
			enter(cc, "enum ", c);
		return CLANG_RECURSE;
	case CLANG_ENUM_CONSTANT:
	case CLANG_TYPEDEF:
		enter(cc, "", c);
		return CLANG_CONTINUE;
	case CLANG_MACRO:
		if (!cc->api->Cursor_isMacroFunctionLike(c))
			enter(cc, "#", c);
		return CLANG_CONTINUE;
	case CLANG_FIELD:
		return CLANG_RECURSE;
	default:
		return CLANG_CONTINUE;
	}
}

struct c_clang *c_clang_open(struct cdefs *d)
{
	const struct clang_api *api = clang_api_get();
	struct c_clang *cc;

	if (!api)
		return NULL;
	cc = arena_new(d->arena, struct c_clang);
	cc->pub.complete = c_clang_complete;
	cc->pub.where = "the included headers";
	cc->d = d;
	cc->api = api;
	cc->index = api->createIndex(0, 0);
	if (cc->index && parse(cc)) {
		api->visitChildren(api->getTranslationUnitCursor(cc->unit), enter_name, cc);
		return cc;
	}
	c_clang_close(cc);
	return NULL;
}

void c_clang_close(struct c_clang *cc)
{
	if (cc && cc->unit)
		cc->api->disposeTranslationUnit(cc->unit);
	if (cc && cc->index)
		cc->api->disposeIndex(cc->index);
}

// ---- look-up
// -------------------------------------------------------------------------------------

static const struct clang_cursor *find(struct c_clang *cc, const char *name, bool constant)
{
	const struct clang_cursor *c = c_table_get(&cc->names, name);

	return c && (c->kind == CLANG_ENUM_CONSTANT) == constant ? c : NULL;
}

struct type *c_clang_type(struct c_clang *cc, const char *name)
{
	const struct clang_cursor *c = find(cc, name, false);

	return c ? c_clang_convert(cc, cc->api->getCursorType(*c)) : NULL;
}

struct type *c_clang_constant(struct c_clang *cc, const char *name, int64_t *value)
{
	const struct clang_cursor *c = find(cc, name, true);

	if (!c)
		return NULL;
	*value = cc->api->getEnumConstantDeclValue(*c);
	return c_clang_convert(cc, cc->api->getCursorType(cc->api->getCursorSemanticParent(*c)));
}

const char *c_clang_macro(struct c_clang *cc, const char *name)
{
	const struct clang_cursor *c = find(cc, arena_printf(cc->d->arena, "#%s", name), false);
	struct clang_token *tokens = NULL;
	_cleanup_(buf_release) struct buf text = {0};
	unsigned n = 0;

	if (!c)
		return NULL;
	cc->api->tokenize(cc->unit, cc->api->getCursorExtent(*c), &tokens, &n);
	for (unsigned i = 0; i < n; i++)
		buf_printf(&text, "%s%s", i ? " " : "",
			   c_clang_text(cc, cc->api->getTokenSpelling(cc->unit, tokens[i])));
	cc->api->disposeTokens(cc->unit, tokens, n);
	return n > 1 ? arena_strndup(cc->d->arena, text.data, text.len) : NULL;
}
