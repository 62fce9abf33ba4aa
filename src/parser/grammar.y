/* grammar: tokens in, calls of build.c out. No rule does more than name what it found.
 * Free of conflicts (%expect 0); how is told in private.h. `error RESYNC` appears where
 * parsing can go on after a mistake, in step with lexer_recover(). */
%require "3.6"
%expect 0
%define api.pure full
%define api.prefix {grammar_}
%define api.token.prefix {TOK_}
%define api.value.type {union grammar_value}
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%locations
%param {struct parse *ps}

%code requires {
#include "parser/private.h"

union grammar_value {
	struct expr *expr;
	struct stmt *stmt;
	struct block *block;
	struct type_expr *type;
	struct expr_list *exprs;
	struct record_list *record;
	struct path_list *path;
	struct type_list *types;
	struct param_list *params;
	struct macro_list *macro;
	struct point_list *points;
	int op;
};
}

%code {
#include <limits.h>

#define YYMAXDEPTH 20000
#define YYLLOC_DEFAULT(current, rhs, n)                                                            \
	((current) = (n) ? span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n))                           \
			 : (struct span){YYRHSLOC(rhs, 0).end, YYRHSLOC(rhs, 0).end})
#define NEW(type) arena_new(ps->arena, type)
#define PUSH(list, item) arena_push(ps->arena, &(list)->items, (item))

static int grammar_lex(union grammar_value *value, struct span *at, struct parse *ps);
static void grammar_error(struct span *at, struct parse *ps, const char *text);
}

%token
	END 0		"end of file"
	ATTACH		"attach point"
	C_TEXT		"C definition"
	IDENT		"name"
	VAR		"$variable"
	MAP		"@map"
	MAP_KEYED	"@map[key]"
	INT		"integer"
	STRING		"string"
	PARAM		"positional parameter"
	PARAM_COUNT	"$#"
	RESYNC		"resynchronisation"
	BAD		"unknown character"

	CONFIG "config" IMPORT "import" MACRO "macro" FN "fn" LET "let"
	IF "if" ELSE "else" WHILE "while" UNROLL "unroll" FOR "for"
	BREAK "break" CONTINUE "continue" RETURN "return" SKIP "skip"
	SIZEOF "sizeof" OFFSETOF "offsetof" TYPEOF "typeof" TYPEINFO "typeinfo"
	COMPTIME "comptime" TRUE "true" FALSE "false"
	STRUCT "struct" UNION "union" ENUM "enum"
	IF_STMT		"if "
	COMPTIME_STMT	"comptime "
	ENTRY_CLAUSE	"entry"
	RETURN_CLAUSE	"return "

	ASSIGN "=" ADD_ASSIGN "+=" SUB_ASSIGN "-=" MUL_ASSIGN "*=" DIV_ASSIGN "/="
	MOD_ASSIGN "%=" AND_ASSIGN "&=" OR_ASSIGN "|=" XOR_ASSIGN "^="
	SHL_ASSIGN "<<=" SHR_ASSIGN ">>="
	EQ "==" NE "!=" LE "<=" GE ">=" LT "<" GT ">" SHL "<<" SHR ">>"
	LAND "&&" LOR "||" INC "++" DEC "--" ARROW "->" DOTDOT ".."
	PLUS "+" MINUS "-" STAR "*" SLASH "/" PERCENT "%"
	AMP "&" PIPE "|" CARET "^" BANG "!" TILDE "~"
	QUESTION "?" COLON ":" SEMI ";" COMMA "," DOT "."
	LPAREN "(" RPAREN ")" LBRACKET "[" RBRACKET "]" LBRACE "{" RBRACE "}"
	STMT_LBRACE	"{ "
	CAST_LPAREN	"( "
	TYPE_LPAREN	"(  "
	PRED_BEGIN	"/ "
	PRED_END	"/  "
	ANGLE_BEGIN	"< "
	ANGLE_END	"> "

%left LOR
%left LAND
%left PIPE
%left CARET
%left AMP
%left EQ NE
%left LT LE GT GE
%left SHL SHR
%left PLUS MINUS
%left STAR SLASH PERCENT

%type <points>	point_list points
%type <expr>	predicate map_size config_value expr binary unary postfix primary call
%type <block>	body block content stmts
%type <stmt>	stmt compound simple branch else_part loop
%type <op>	op_assign
%type <type>	type let_type
%type <expr>	let_value
%type <exprs>	args arg_list
%type <record>	record
%type <path>	path
%type <types>	type_list
%type <macro>	macro_params macro_param_list
%type <params>	params param_list

%%

program:
	items
;

items:
	%empty
|	items item
;

item:
	SEMI
|	C_TEXT					{ add_c_item(ps, @1); }
|	config_head LBRACE config RBRACE	{ arena_push(ps->arena, &ps->ast->config_blocks, @$); }
|	IMPORT STRING				{ add_import(ps, @$, @2); }
|	MACRO IDENT LPAREN macro_params RPAREN block
						{ add_macro(ps, @$, @2, $4, $6); }
|	FN IDENT LPAREN params RPAREN COLON type block
						{ add_subprog(ps, @$, @2, $4, $7, $8); }
|	LET MAP ASSIGN IDENT LPAREN map_size RPAREN
						{ add_map_decl(ps, @$, @2, @4, $6); }
|	points predicate body			{ add_probe(ps, @$, $1, $2, $3); }
|	error RESYNC				{ yyerrok; }
;

config_head:
	CONFIG ASSIGN				{ enter_config(ps, @1); }
;

config:
	config_list
|	config_list config_item
;

config_list:
	%empty
|	config_list config_item SEMI
|	config_list SEMI
|	config_list error RESYNC		{ yyerrok; }
;

config_item:
	IDENT ASSIGN config_value		{ add_config(ps, @$, @1, $3); }
;

config_value:
	INT					{ $$ = build_int(ps, @1); }
|	STRING					{ $$ = build_string(ps, @1); }
|	IDENT					{ $$ = build_ident(ps, @1); }
;

map_size:
	%empty					{ $$ = NULL; }
|	expr
;

macro_params:
	%empty					{ $$ = NEW(struct macro_list); }
|	macro_param_list
;

macro_param_list:
	macro_param				{ $$ = NEW(struct macro_list);
						  add_macro_param(ps, $$, @1, $<op>1); }
|	macro_param_list COMMA macro_param	{ $$ = $1; add_macro_param(ps, $$, @3, $<op>3); }
;

macro_param:
	VAR					{ $<op>$ = PARAM_VAR; }
|	MAP					{ $<op>$ = PARAM_MAP; }
|	IDENT					{ $<op>$ = PARAM_EXPR; }
;

params:
	%empty					{ $$ = NEW(struct param_list); }
|	param_list
;

param_list:
	VAR COLON type				{ $$ = NEW(struct param_list);
						  add_subprog_param(ps, $$, @$, @1, $3); }
|	param_list COMMA VAR COLON type		{ $$ = $1;
						  add_subprog_param(ps, $$, span_join(@3, @5), @3,
								    $5); }
;

points:
	point_list
|	point_list COMMA
;

point_list:
	ATTACH					{ $$ = NEW(struct point_list);
						  point_add(ps, $$, @1); }
|	point_list COMMA ATTACH			{ $$ = $1; point_add(ps, $$, @3); }
;

predicate:
	%empty					{ $$ = NULL; }
|	PRED_BEGIN expr PRED_END		{ $$ = $2; }
|	PRED_BEGIN error RESYNC PRED_END	{ $$ = NULL; yyerrok; }
;

/* ---- blocks and statements ---- */

body:
	block
|	ANGLE_BEGIN content ANGLE_END		{ $$ = $2; $$->span = @$; }
;

block:
	LBRACE content RBRACE			{ $$ = $2; $$->span = @$; }
|	STMT_LBRACE content RBRACE		{ $$ = $2; $$->span = @$; }
;

content:
	stmts					{ $$ = block_finish(ps, $1, NULL, @$); }
|	stmts simple				{ $$ = block_finish(ps, $1, $2, @$); }
;

stmts:
	%empty					{ $$ = block_start(ps); }
|	stmts stmt				{ $$ = $1; block_add(ps, $$, $2); }
|	stmts SEMI
|	stmts error RESYNC			{ $$ = $1; yyerrok; }
;

stmt:
	simple SEMI				{ $$ = build_terminated($1, @2); }
|	compound
;

compound:
	STMT_LBRACE content RBRACE		{ $2->span = @$;
						  $$ = build_block_stmt(ps, @$, STMT_BLOCK, $2); }
|	IF_STMT branch				{ $$ = $2; $$->span = @$; }
|	COMPTIME_STMT IF_STMT branch		{ $$ = $3; $$->span = @$;
						  $$->u.branch.comptime = true; }
|	WHILE expr block			{ $$ = build_loop(ps, @$, STMT_WHILE, $2, $3); }
|	UNROLL expr block			{ $$ = build_loop(ps, @$, STMT_UNROLL, $2, $3); }
|	FOR loop				{ $$ = $2; $$->span = @$; }
|	ENTRY_CLAUSE block			{ $$ = build_block_stmt(ps, @$, STMT_ENTRY_CLAUSE, $2); }
|	RETURN_CLAUSE block			{ $$ = build_block_stmt(ps, @$, STMT_RETURN_CLAUSE, $2); }
;

branch:
	expr block else_part			{ $$ = build_branch(ps, @$, $1, $2, $3); }
;

else_part:
	%empty					{ $$ = NULL; }
|	ELSE block				{ $$ = build_block_stmt(ps, @2, STMT_BLOCK, $2); }
|	ELSE IF branch				{ $$ = $3; $$->span = span_join(@2, @3); }
;

loop:
	VAR COLON expr DOTDOT expr block	{ $$ = build_for(ps, @$, @1, $3, $5, $6); }
|	VAR COLON expr block			{ $$ = build_for(ps, @$, @1, $3, NULL, $4); }
|	LPAREN VAR COLON expr DOTDOT expr RPAREN block
						{ $$ = build_for(ps, @$, @2, $4, $6, $8); }
|	LPAREN VAR COLON expr RPAREN block	{ $$ = build_for(ps, @$, @2, $4, NULL, $6); }
;

simple:
	expr					{ $$ = build_expr_stmt(ps, $1); }
|	postfix ASSIGN expr			{ $$ = build_assign(ps, @$, $1, -1, @2, $3); }
|	postfix op_assign expr			{ $$ = build_assign(ps, @$, $1, $2, @2, $3); }
|	LET VAR let_type let_value		{ $$ = build_let(ps, @$, @2, $3, $4); }
|	IMPORT STRING				{ $$ = build_import_stmt(ps, @$, @2); }
|	RETURN					{ $$ = build_return(ps, @$, NULL); }
|	RETURN expr				{ $$ = build_return(ps, @$, $2); }
|	BREAK					{ $$ = stmt_new(ps->arena, STMT_BREAK, @$); }
|	CONTINUE				{ $$ = stmt_new(ps->arena, STMT_CONTINUE, @$); }
|	SKIP					{ $$ = stmt_new(ps->arena, STMT_SKIP, @$); }
;

let_type:
	%empty					{ $$ = NULL; }
|	COLON type				{ $$ = $2; }
;

let_value:
	%empty					{ $$ = NULL; }
|	ASSIGN expr				{ $$ = $2; }
;

op_assign:
	ADD_ASSIGN				{ $$ = BIN_ADD; }
|	SUB_ASSIGN				{ $$ = BIN_SUB; }
|	MUL_ASSIGN				{ $$ = BIN_MUL; }
|	DIV_ASSIGN				{ $$ = BIN_DIV; }
|	MOD_ASSIGN				{ $$ = BIN_MOD; }
|	AND_ASSIGN				{ $$ = BIN_AND; }
|	OR_ASSIGN				{ $$ = BIN_OR; }
|	XOR_ASSIGN				{ $$ = BIN_XOR; }
|	SHL_ASSIGN				{ $$ = BIN_SHL; }
|	SHR_ASSIGN				{ $$ = BIN_SHR; }
;

/* ---- types ---- */

type:
	IDENT					{ $$ = build_type(ps, @$, TYPE_EXPR_NAME, @1); }
|	STRUCT IDENT				{ $$ = build_type(ps, @$, TYPE_EXPR_STRUCT, @2); }
|	UNION IDENT				{ $$ = build_type(ps, @$, TYPE_EXPR_UNION, @2); }
|	ENUM IDENT				{ $$ = build_type(ps, @$, TYPE_EXPR_ENUM, @2); }
|	TYPEOF TYPE_LPAREN type RPAREN		{ $$ = build_type_of(ps, @$, TYPE_EXPR_TYPEOF, $3, NULL); }
|	TYPEOF LPAREN expr RPAREN		{ $$ = build_type_of(ps, @$, TYPE_EXPR_TYPEOF, NULL, $3); }
|	LPAREN type_list RPAREN			{ $$ = build_tuple_type(ps, @$, $2); }
|	type STAR				{ $$ = build_type_of(ps, @$, TYPE_EXPR_POINTER, $1, NULL); }
|	type LBRACKET RBRACKET			{ $$ = build_type_of(ps, @$, TYPE_EXPR_ARRAY, $1, NULL); }
|	type LBRACKET expr RBRACKET		{ $$ = build_type_of(ps, @$, TYPE_EXPR_ARRAY, $1, $3); }
;

type_list:
	type					{ $$ = NEW(struct type_list); PUSH($$, $1); }
|	type_list COMMA type			{ $$ = $1; PUSH($$, $3); }
;

/* ---- expressions ---- */

expr:
	binary
|	binary QUESTION expr COLON expr		{ $$ = build_ternary(ps, $1, $3, $5); }
|	binary QUESTION COLON expr		{ $$ = build_ternary(ps, $1, NULL, $4); }
;

binary:
	unary
|	binary LOR binary			{ $$ = build_binary(ps, @2, BIN_LOR, $1, $3); }
|	binary LAND binary			{ $$ = build_binary(ps, @2, BIN_LAND, $1, $3); }
|	binary PIPE binary			{ $$ = build_binary(ps, @2, BIN_OR, $1, $3); }
|	binary CARET binary			{ $$ = build_binary(ps, @2, BIN_XOR, $1, $3); }
|	binary AMP binary			{ $$ = build_binary(ps, @2, BIN_AND, $1, $3); }
|	binary EQ binary			{ $$ = build_binary(ps, @2, BIN_EQ, $1, $3); }
|	binary NE binary			{ $$ = build_binary(ps, @2, BIN_NE, $1, $3); }
|	binary LT binary			{ $$ = build_binary(ps, @2, BIN_LT, $1, $3); }
|	binary LE binary			{ $$ = build_binary(ps, @2, BIN_LE, $1, $3); }
|	binary GT binary			{ $$ = build_binary(ps, @2, BIN_GT, $1, $3); }
|	binary GE binary			{ $$ = build_binary(ps, @2, BIN_GE, $1, $3); }
|	binary SHL binary			{ $$ = build_binary(ps, @2, BIN_SHL, $1, $3); }
|	binary SHR binary			{ $$ = build_binary(ps, @2, BIN_SHR, $1, $3); }
|	binary PLUS binary			{ $$ = build_binary(ps, @2, BIN_ADD, $1, $3); }
|	binary MINUS binary			{ $$ = build_binary(ps, @2, BIN_SUB, $1, $3); }
|	binary STAR binary			{ $$ = build_binary(ps, @2, BIN_MUL, $1, $3); }
|	binary SLASH binary			{ $$ = build_binary(ps, @2, BIN_DIV, $1, $3); }
|	binary PERCENT binary			{ $$ = build_binary(ps, @2, BIN_MOD, $1, $3); }
;

unary:
	postfix
|	MINUS unary				{ $$ = build_unary(ps, @$, UNARY_NEG, $2); }
|	BANG unary				{ $$ = build_unary(ps, @$, UNARY_NOT, $2); }
|	TILDE unary				{ $$ = build_unary(ps, @$, UNARY_BITNOT, $2); }
|	STAR unary				{ $$ = build_unary(ps, @$, UNARY_DEREF, $2); }
|	AMP unary				{ $$ = build_unary(ps, @$, UNARY_ADDROF, $2); }
|	INC unary				{ $$ = build_incdec(ps, @$, true, false, $2); }
|	DEC unary				{ $$ = build_incdec(ps, @$, true, true, $2); }
|	CAST_LPAREN type RPAREN unary		{ $$ = build_cast(ps, @$, $2, $4); }
|	COMPTIME unary				{ $$ = build_comptime(ps, @$, $2); }
;

postfix:
	primary
|	postfix INC				{ $$ = build_incdec(ps, @$, false, false, $1); }
|	postfix DEC				{ $$ = build_incdec(ps, @$, false, true, $1); }
|	postfix DOT IDENT			{ $$ = build_field(ps, $1, @3, false); }
|	postfix ARROW IDENT			{ $$ = build_field(ps, $1, @3, true); }
|	postfix DOT INT				{ $$ = build_tuple_get(ps, $1, @3); }
|	postfix LBRACKET expr RBRACKET		{ $$ = build_index(ps, @$, $1, $3); }
;

primary:
	INT					{ $$ = build_int(ps, @1); }
|	STRING					{ $$ = build_string(ps, @1); }
|	TRUE					{ $$ = build_bool(ps, @1, true); }
|	FALSE					{ $$ = build_bool(ps, @1, false); }
|	PARAM					{ $$ = build_param(ps, @1); }
|	PARAM_COUNT				{ $$ = build_param(ps, @1); }
|	VAR					{ $$ = build_var(ps, @1); }
|	MAP					{ $$ = build_map(ps, @$, @1, NULL); }
|	MAP_KEYED LBRACKET arg_list RBRACKET	{ $$ = build_map(ps, @$, @1, $3); }
|	IDENT					{ $$ = build_ident(ps, @1); }
|	call
|	LPAREN expr RPAREN			{ $$ = build_parens(ps, @$, $2); }
|	LPAREN RPAREN				{ $$ = build_tuple(ps, @$, NEW(struct expr_list)); }
|	LPAREN expr COMMA RPAREN		{ struct expr_list *one = NEW(struct expr_list);
						  PUSH(one, $2);
						  $$ = build_tuple(ps, @$, one); }
|	LPAREN expr COMMA arg_list RPAREN	{ $$ = build_tuple(ps, @$, prepend_arg(ps, $2, $4)); }
|	LPAREN expr COMMA arg_list COMMA RPAREN	{ $$ = build_tuple(ps, @$, prepend_arg(ps, $2, $4)); }
|	LPAREN record RPAREN			{ $$ = build_record(ps, @$, $2); }
|	LPAREN record COMMA RPAREN		{ $$ = build_record(ps, @$, $2); }
|	LBRACE content RBRACE			{ $2->span = @$; $$ = build_block_expr(ps, $2); }
|	IF branch				{ $2->span = @$; $$ = build_if_expr(ps, $2); }
|	SIZEOF TYPE_LPAREN type RPAREN		{ $$ = build_type_query(ps, @$, EXPR_SIZEOF, $3, NULL, NULL); }
|	SIZEOF LPAREN expr RPAREN		{ $$ = build_type_query(ps, @$, EXPR_SIZEOF, NULL, $3, NULL); }
|	TYPEINFO TYPE_LPAREN type RPAREN	{ $$ = build_type_query(ps, @$, EXPR_TYPEINFO, $3, NULL, NULL); }
|	TYPEINFO LPAREN expr RPAREN		{ $$ = build_type_query(ps, @$, EXPR_TYPEINFO, NULL, $3, NULL); }
|	TYPEOF TYPE_LPAREN type RPAREN		{ $$ = build_type_query(ps, @$, EXPR_TYPE, $3, NULL, NULL); }
|	TYPEOF LPAREN expr RPAREN		{ $$ = build_type_query(ps, @$, EXPR_TYPE, NULL, $3, NULL); }
|	OFFSETOF TYPE_LPAREN type COMMA path RPAREN
						{ $$ = build_type_query(ps, @$, EXPR_OFFSETOF, $3, NULL, $5); }
|	OFFSETOF LPAREN expr COMMA path RPAREN	{ $$ = build_type_query(ps, @$, EXPR_OFFSETOF, NULL, $3, $5); }
;

call:
	IDENT LPAREN args RPAREN		{ $$ = build_call(ps, @$, @1, $3); }
;

args:
	%empty					{ $$ = NEW(struct expr_list); }
|	arg_list
;

arg_list:
	expr					{ $$ = NEW(struct expr_list); PUSH($$, $1); }
|	arg_list COMMA expr			{ $$ = $1; PUSH($$, $3); }
;

record:
	IDENT ASSIGN expr			{ $$ = NEW(struct record_list);
						  add_record_item(ps, $$, @1, $3); }
|	record COMMA IDENT ASSIGN expr		{ $$ = $1; add_record_item(ps, $$, @3, $5); }
;

path:
	IDENT					{ $$ = NEW(struct path_list);
						  PUSH($$, span_string(ps, @1, 0)); }
|	path DOT IDENT				{ $$ = $1; PUSH($$, span_string(ps, @3, 0)); }
;

%%

static int grammar_lex(union grammar_value *value, struct span *at, struct parse *ps)
{
	struct token t = lexer_next(&ps->lexer);

	value->op = 0;
	*at = t.span;
	return t.kind;
}

// Bison itself complains only about its stack, which nesting alone fills.
static void grammar_error(struct span *at, struct parse *ps, const char *text)
{
	(void)text;
	if (!ps->lexer.too_deep)
		diag_error(ps->diag, *at, "too-deep", "nested more than %d levels deep",
			   AST_MAX_DEPTH);
}

// Tokens that only the lexer tells apart are spelled alike; the trailing blanks keep
// Bison from taking them for one token.
const char *token_spelling(int token)
{
	return yysymbol_name(YYTRANSLATE(token));
}

static int token_of_symbol(yysymbol_kind_t symbol)
{
	for (int token = TOK_END; token <= TOK_ANGLE_END; token++) {
		if (token == TOK_END || token > 255) {
			if (YYTRANSLATE(token) == symbol)
				return token;
		}
	}
	return TOK_BAD;
}

static int yyreport_syntax_error(const yypcontext_t *ctx, struct parse *ps)
{
	yysymbol_kind_t symbols[EXPECTED_MAX];
	int tokens[EXPECTED_MAX];
	struct token bad = {token_of_symbol(yypcontext_token(ctx)), *yypcontext_location(ctx)};
	int n = yypcontext_expected_tokens(ctx, symbols, EXPECTED_MAX), insert;

	if (n < 0)
		n = 0;
	for (int i = 0; i < n; i++)
		tokens[i] = token_of_symbol(symbols[i]);
	insert = report_syntax_error(ps, bad, tokens, n);
	lexer_recover(&ps->lexer, bad, insert);
	return 0;
}
