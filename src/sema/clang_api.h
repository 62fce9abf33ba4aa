// clang_api: the part of libclang's C interface that reading C needs, bound when a script first
// needs it. No header of clang is used: the interface has kept these shapes and numbers since
// version 3, and adds to them only.
#pragma once

#include <stdbool.h>

struct clang_string {
	const void *data;
	unsigned flags;
};
struct clang_cursor {
	int kind, xdata;
	const void *data[3];
};
struct clang_type {
	int kind;
	void *data[2];
};
struct clang_location {
	const void *data[2];
	unsigned offset;
};
struct clang_range {
	const void *data[2];
	unsigned begin, end;
};
struct clang_token {
	unsigned data[4];
	void *ptr;
};
struct clang_unsaved {
	const char *name, *text;
	unsigned long len;
};

enum { // of cursors
	CLANG_STRUCT = 2,
	CLANG_UNION = 3,
	CLANG_ENUM = 5,
	CLANG_FIELD = 6,
	CLANG_ENUM_CONSTANT = 7,
	CLANG_TYPEDEF = 20,
	CLANG_MACRO = 501,
};
enum { // of types
	CLANG_T_VOID = 2,
	CLANG_T_BOOL = 3,
	CLANG_T_CHAR_U = 4,
	CLANG_T_UCHAR = 5,
	CLANG_T_USHORT = 8,
	CLANG_T_UINT = 9,
	CLANG_T_ULONG = 10,
	CLANG_T_ULONGLONG = 11,
	CLANG_T_UINT128 = 12,
	CLANG_T_CHAR_S = 13,
	CLANG_T_SCHAR = 14,
	CLANG_T_SHORT = 16,
	CLANG_T_INT = 17,
	CLANG_T_LONG = 18,
	CLANG_T_LONGLONG = 19,
	CLANG_T_INT128 = 20,
	CLANG_T_POINTER = 101,
	CLANG_T_RECORD = 105,
	CLANG_T_ENUM = 106,
	CLANG_T_FUNCTION = 110,
	CLANG_T_FUNCTION_PROTO = 111,
	CLANG_T_CONSTANT_ARRAY = 112,
	CLANG_T_INCOMPLETE_ARRAY = 114,
};
enum { CLANG_DETAILED_PREPROCESSING = 1, CLANG_SKIP_BODIES = 0x40, CLANG_SEVERITY_ERROR = 3 };
enum { CLANG_BREAK, CLANG_CONTINUE, CLANG_RECURSE };

typedef int clang_visitor(struct clang_cursor c, struct clang_cursor parent, void *data);
typedef int clang_field_visitor(struct clang_cursor c, void *data);

// CLANG_FUNCTION(name in libclang without its prefix, result, parameters)
#define CLANG_API(F)                                                                               \
	F(createIndex, void *, (int, int))                                                         \
	F(disposeIndex, void, (void *))                                                            \
	F(parseTranslationUnit2, int,                                                              \
	  (void *, const char *, const char *const *, int, struct clang_unsaved *, unsigned,       \
	   unsigned, void **))                                                                     \
	F(disposeTranslationUnit, void, (void *))                                                  \
	F(getTranslationUnitCursor, struct clang_cursor, (void *))                                 \
	F(visitChildren, unsigned, (struct clang_cursor, clang_visitor *, void *))                 \
	F(Type_visitFields, unsigned, (struct clang_type, clang_field_visitor *, void *))          \
	F(getCursorSpelling, struct clang_string, (struct clang_cursor))                           \
	F(getCString, const char *, (struct clang_string))                                         \
	F(disposeString, void, (struct clang_string))                                              \
	F(getCursorType, struct clang_type, (struct clang_cursor))                                 \
	F(getCanonicalType, struct clang_type, (struct clang_type))                                \
	F(getPointeeType, struct clang_type, (struct clang_type))                                  \
	F(getArrayElementType, struct clang_type, (struct clang_type))                             \
	F(getArraySize, long long, (struct clang_type))                                            \
	F(getTypeDeclaration, struct clang_cursor, (struct clang_type))                            \
	F(getEnumDeclIntegerType, struct clang_type, (struct clang_cursor))                        \
	F(getEnumConstantDeclValue, long long, (struct clang_cursor))                              \
	F(Type_getSizeOf, long long, (struct clang_type))                                          \
	F(Type_getAlignOf, long long, (struct clang_type))                                         \
	F(Cursor_getOffsetOfField, long long, (struct clang_cursor))                               \
	F(Cursor_isBitField, unsigned, (struct clang_cursor))                                      \
	F(getFieldDeclBitWidth, int, (struct clang_cursor))                                        \
	F(Cursor_isAnonymous, unsigned, (struct clang_cursor))                                     \
	F(isCursorDefinition, unsigned, (struct clang_cursor))                                     \
	F(getCursorSemanticParent, struct clang_cursor, (struct clang_cursor))                     \
	F(Cursor_isMacroFunctionLike, unsigned, (struct clang_cursor))                             \
	F(getCursorExtent, struct clang_range, (struct clang_cursor))                              \
	F(tokenize, void, (void *, struct clang_range, struct clang_token **, unsigned *))         \
	F(disposeTokens, void, (void *, struct clang_token *, unsigned))                           \
	F(getTokenSpelling, struct clang_string, (void *, struct clang_token))                     \
	F(getNumDiagnostics, unsigned, (void *))                                                   \
	F(getDiagnostic, void *, (void *, unsigned))                                               \
	F(disposeDiagnostic, void, (void *))                                                       \
	F(getDiagnosticSeverity, int, (void *))                                                    \
	F(getDiagnosticSpelling, struct clang_string, (void *))

struct clang_api {
#define CLANG_MEMBER(name, result, params) result(*name) params;
	CLANG_API(CLANG_MEMBER)
#undef CLANG_MEMBER
};

// The same for the whole run; NULL: there is no libclang, or one that lacks a function.
const struct clang_api *clang_api_get(void);
// The package that has it, for messages.
#define CLANG_PACKAGE "libclang1-19"
