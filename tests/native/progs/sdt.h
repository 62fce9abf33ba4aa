// sdt: USDT sites of our own making. A site is a nop and a note: where the nop is, what the probe
// is called, and where its arguments are, as the compiler spells the operands.
#pragma once

#define SDT_NOTE(site, semaphore, provider, name, args)                                            \
	".pushsection .note.stapsdt,\"?\",\"note\"\n"                                              \
	".balign 4\n"                                                                              \
	".4byte 992f-991f, 994f-993f, 3\n"                                                         \
	"991: .asciz \"stapsdt\"\n"                                                                \
	"992: .balign 4\n"                                                                         \
	"993: .8byte " site ", _.stapsdt.base, " semaphore "\n"                                    \
	".asciz \"" provider "\"\n"                                                                \
	".asciz \"" name "\"\n"                                                                    \
	".asciz \"" args "\"\n"                                                                    \
	"994: .balign 4\n"                                                                         \
	".popsection\n"                                                                            \
	".ifndef _.stapsdt.base\n"                                                                 \
	".pushsection .stapsdt.base,\"aGR\",\"progbits\",.stapsdt.base,comdat\n"                   \
	".weak _.stapsdt.base\n"                                                                   \
	".hidden _.stapsdt.base\n"                                                                 \
	"_.stapsdt.base: .space 1\n"                                                               \
	".size _.stapsdt.base,1\n"                                                                 \
	".popsection\n"                                                                            \
	".endif\n"

#define SDT_SITE(semaphore, provider, name, args)                                                  \
	"990: nop\n" SDT_NOTE("990b", semaphore, provider, name, args)
// Only notes name it, and no linker that drops unused sections looks there.
#if __has_attribute(retain)
#define SDT_SEMAPHORE __attribute__((section(".probes"), used, retain)) volatile unsigned short
#else
#define SDT_SEMAPHORE __attribute__((section(".probes"), used)) volatile unsigned short
#endif
