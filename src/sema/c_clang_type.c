// c_clang_type: libclang's types come in, the language's leave, as c_types.c makes them: arrays of
// char are strings, floating-point numbers bytes. Members are read when something asks for them
// (lazy_type.h). A type that stands in for the kernel's becomes the kernel's.
#include <string.h>

#include "sema/btf_type.h"
#include "sema/c_clang.h"

#define PLACEHOLDER "mt_placeholder"

static struct type *integer(int kind)
{
	switch (kind) {
	case CLANG_T_BOOL:
	case CLANG_T_CHAR_U:
	case CLANG_T_UCHAR:
		return &type_uint8;
	case CLANG_T_CHAR_S:
	case CLANG_T_SCHAR:
		return &type_int8;
	case CLANG_T_SHORT:
		return &type_int16;
	case CLANG_T_USHORT:
		return &type_uint16;
	case CLANG_T_INT:
		return &type_int32;
	case CLANG_T_UINT:
		return &type_uint32;
	case CLANG_T_LONG:
	case CLANG_T_LONGLONG:
		return &type_int64;
	case CLANG_T_ULONG:
	case CLANG_T_ULONGLONG:
		return &type_uint64;
	case CLANG_T_INT128:
		return &type_int128;
	case CLANG_T_UINT128:
		return &type_uint128;
	default:
		return NULL;
	}
}

// ---- records and enums
// ---------------------------------------------------------------------------

static struct type *kernel_type(struct c_clang *cc, const char *name)
{
	struct btf_source *s = btf_source_get(cc->d->c, NULL, NULL);

	return s ? s->pub.find(&s->pub, name) : NULL;
}

static int is_placeholder(struct clang_cursor field, void *data)
{
	struct c_clang *cc = *(struct c_clang **)data;
	const char *name = c_clang_text(cc, cc->api->getCursorSpelling(field));

	if (strcmp(name, PLACEHOLDER) == 0)
		*(struct c_clang **)data = NULL;
	return CLANG_BREAK;
}

static bool stands_in(struct c_clang *cc, struct clang_type t)
{
	struct c_clang *found = cc;

	cc->api->Type_visitFields(t, is_placeholder, &found);
	return !found;
}

static struct type *new_tagged(struct c_clang *cc, const char *name, int kind)
{
	bool is_enum = kind == CLANG_ENUM;
	struct type *t = type_make(cc->d->arena, is_enum ? TYPE_ENUM : TYPE_STRUCT, is_enum ? 4 : 0,
				   is_enum ? 4 : 1);

	t->name = name;
	t->is_union = kind == CLANG_UNION;
	t->incomplete = true;
	t->source = &cc->pub;
	return t;
}

static struct type *tagged(struct c_clang *cc, struct clang_type t)
{
	struct clang_cursor decl = cc->api->getTypeDeclaration(t);
	const char *keyword = decl.kind == CLANG_ENUM	 ? "enum"
			      : decl.kind == CLANG_UNION ? "union"
							 : "struct";
	const char *spelled = c_clang_text(cc, cc->api->getCursorSpelling(decl));
	bool anonymous = cc->api->Cursor_isAnonymous(decl) || !*spelled || strchr(spelled, ' ');
	const char *name = anonymous ? arena_printf(cc->d->arena, "%s <anonymous>", keyword)
				     : arena_printf(cc->d->arena, "%s %s", keyword, spelled);
	struct type *type = anonymous ? NULL : c_table_get(&cc->types, name);

	if (type)
		return type;
	if (!anonymous && stands_in(cc, t))
		type = kernel_type(cc, name);
	if (!type)
		type = new_tagged(cc, name, decl.kind);
	if (type->source == &cc->pub) {
		arena_push(cc->d->arena, &cc->anonymous, decl);
		type->source_id = cc->anonymous.len;
	}
	if (!anonymous)
		c_table_set(cc->d->arena, &cc->types, name, type);
	return type;
}

// ---- members
// -------------------------------------------------------------------------------------

struct reading {
	struct c_clang *cc;
	ARENA_VEC(struct type_field) fields;
	uint64_t base; // bits, of the anonymous member that is read
	int depth;
};

static void place(struct type_field *f, uint64_t bits, int width)
{
	uint32_t unit = f->type->size ? f->type->size : 1;
	uint64_t offset = bits / 8;

	if (width > 0) {
		offset = offset / unit * unit;
		if (bits - offset * 8 + (uint64_t)width > unit * 8)
			offset = bits / 8;
		f->bit_offset = (uint16_t)(bits - offset * 8);
		f->bit_size = (uint16_t)width;
	}
	f->offset = (uint32_t)offset;
}

static int add_field(struct clang_cursor c, void *data)
{
	struct reading *r = data;
	const struct clang_api *api = r->cc->api;
	const char *name = c_clang_text(r->cc, api->getCursorSpelling(c));
	struct clang_type t = api->getCanonicalType(api->getCursorType(c));
	long long offset = api->Cursor_getOffsetOfField(c);
	struct type_field f = {.name = name};

	if (offset < 0)
		return CLANG_CONTINUE;
	if (t.kind == CLANG_T_RECORD && (!*name || strchr(name, ' '))) {
		if (r->depth < C_MAX_DEPTH) {
			r->depth++;
			r->base += (uint64_t)offset;
			api->Type_visitFields(t, add_field, r);
			r->base -= (uint64_t)offset;
			r->depth--;
		}
		return CLANG_CONTINUE;
	}
	if (!*name)
		return CLANG_CONTINUE;
	f.type = type_low_half(c_clang_convert(r->cc, api->getCursorType(c)));
	type_complete(f.type);
	place(&f, r->base + (uint64_t)offset,
	      api->Cursor_isBitField(c) ? api->getFieldDeclBitWidth(c) : -1);
	arena_push(r->cc->d->arena, &r->fields, f);
	return CLANG_CONTINUE;
}

struct enumerating {
	struct c_clang *cc;
	ARENA_VEC(struct type_enumerator) all;
};

static int add_enumerator(struct clang_cursor c, struct clang_cursor parent, void *data)
{
	struct enumerating *e = data;
	struct type_enumerator one;

	(void)parent;
	if (c.kind != CLANG_ENUM_CONSTANT)
		return CLANG_CONTINUE;
	one.name = c_clang_text(e->cc, e->cc->api->getCursorSpelling(c));
	one.value = e->cc->api->getEnumConstantDeclValue(c);
	arena_push(e->cc->d->arena, &e->all, one);
	return CLANG_CONTINUE;
}

static void complete_enum(struct c_clang *cc, struct clang_cursor decl, struct type *t)
{
	struct enumerating e = {.cc = cc};
	struct type *of =
	    integer(cc->api->getCanonicalType(cc->api->getEnumDeclIntegerType(decl)).kind);

	if (of) {
		t->size = of->size;
		t->align = of->align;
		t->is_signed = of->is_signed;
	}
	cc->api->visitChildren(decl, add_enumerator, &e);
	t->enumerators = e.all.data;
	t->enumerator_count = e.all.len;
}

void c_clang_complete(struct type_source *s, struct type *t)
{
	struct c_clang *cc = (struct c_clang *)s;
	struct clang_cursor decl = cc->anonymous.data[t->source_id - 1];
	struct clang_type ct = cc->api->getCursorType(decl);
	struct reading r = {.cc = cc};
	long long size = cc->api->Type_getSizeOf(ct), align = cc->api->Type_getAlignOf(ct);
	struct type *k;

	t->incomplete = false;
	if (t->kind == TYPE_ENUM) {
		complete_enum(cc, decl, t);
		return;
	}
	if (size < 0 || size > C_MAX_TYPE_SIZE) { // only declared: the kernel's, if it has one
		k = kernel_type(cc, t->name);
		type_complete(k);
		if (k && k->kind == t->kind)
			*t = *k;
		return;
	}
	t->size = (uint32_t)size;
	t->align = align > 0 ? (uint32_t)align : 1;
	cc->api->Type_visitFields(ct, add_field, &r);
	t->fields = r.fields.data;
	t->field_count = r.fields.len;
}

// ---- any type
// ------------------------------------------------------------------------------------

static struct type *array(struct c_clang *cc, struct clang_type t)
{
	struct clang_type elem = cc->api->getCanonicalType(cc->api->getArrayElementType(t));
	long long n = t.kind == CLANG_T_CONSTANT_ARRAY ? cc->api->getArraySize(t) : 0;
	struct type *e;

	if (n < 0 || n > C_MAX_TYPE_SIZE)
		return &type_void;
	if (n && elem.kind == CLANG_T_CHAR_S)
		return type_string(cc->d->arena, (uint32_t)n);
	e = c_clang_convert(cc, elem);
	type_complete(e);
	if (n && e->size > C_MAX_TYPE_SIZE / (uint64_t)n)
		return &type_void;
	return type_array(cc->d->arena, e, (uint32_t)n);
}

// Floating point, vectors.
static struct type *bytes(struct c_clang *cc, struct clang_type t)
{
	long long size = cc->api->Type_getSizeOf(t), align = cc->api->Type_getAlignOf(t);
	struct type *type;

	if (size <= 0 || size > 64)
		return &type_void; // functions
	type = type_array(cc->d->arena, &type_uint8, (uint32_t)size);
	type->align = align > 0 ? (uint32_t)align : 1;
	return type;
}

struct type *c_clang_convert(struct c_clang *cc, struct clang_type t)
{
	struct type *type;

	t = cc->api->getCanonicalType(t);
	type = integer(t.kind);
	if (type)
		return type;
	switch (t.kind) {
	case CLANG_T_VOID:
	case CLANG_T_FUNCTION:
	case CLANG_T_FUNCTION_PROTO:
		return &type_void;
	case CLANG_T_POINTER:
		return type_pointer(cc->d->arena, c_clang_convert(cc, cc->api->getPointeeType(t)),
				    SPACE_NONE);
	case CLANG_T_CONSTANT_ARRAY:
	case CLANG_T_INCOMPLETE_ARRAY:
		return array(cc, t);
	case CLANG_T_RECORD:
	case CLANG_T_ENUM:
		return tagged(cc, t);
	default:
		return bytes(cc, t);
	}
}
