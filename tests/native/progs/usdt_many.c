// usdt_many: 50000 probes of a site each. argument 0 is a register, argument 1 counts them.
#include "sdt.h"

#if defined(__x86_64__)
#define REG "-4@%edi"
#define CONST "8@$"
#else
#define REG "-4@w0"
#define CONST "8@"
#endif

asm(".macro one_site\n" SDT_SITE("0", "many", "p\\@", REG " " CONST "\\@") ".endm\n"
    ".text\n.globl all_sites\n.type all_sites, %function\nall_sites:\n"
    ".rept 50000\none_site\n.endr\nret\n.size all_sites, . - all_sites\n");

void all_sites(int x);

int main(void)
{
	all_sites(3);
	return 0;
}
