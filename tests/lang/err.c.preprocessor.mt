//--- conditions that do not match
#endif
#else
#if 1
#else
#else
#endif
#ifdef X
begin { }
//--- conditions that are no numbers
#if
#endif
#if 1 +
#endif
#if "text"
#endif
#if 1 2
#endif
#if 1.5
#endif
#if (1
#endif
#if F(1)
#endif
begin { }
//--- directives
#nonsense
#error this is the text
#define 5
#include
#include nothing
#ifdef
#endif
begin { }
//--- headers that are not there
#include "nosuch.h"
#include <nosuch/either.h>
begin { }
//--- a macro that is no expression
#define KEYWORD if
#define CHAR 'x'
#define INJECT 1); exit(
#define EMPTY
#define CALL(x) ((x) + 1)
begin { print(KEYWORD); print(CHAR); print(INJECT); print(EMPTY); print(CALL(1)); }
//--- an error within a macro
#define TWO (1 + \
	     nosuch)
#define ONE (TWO + 1)
begin { print(ONE); }
//--- a macro within itself
#define A (B + 1)
#define B (A + 1)
begin { print(A); }
