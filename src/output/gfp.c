// gfp: the kernel's allocation flags to text, for printf's %gr. A number enters, names joined
// by '|' leave, combinations first, then single bits, then what has no name as hex:
//
//	GFP_KERNEL|__GFP_ZERO    GFP_HIGHUSER|0x8    0
//
// The bits are those of kernels 6.8 and later; older ones numbered a few differently.
#include "output/internal.h"

#include "base/cleanup.h"

static const struct gfp_name {
	uint64_t mask;
	const char *name;
} gfp_names[] = {
    {0x21c24ca, "GFP_TRANSHUGE"},
    {0x21c20ca, "GFP_TRANSHUGE_LIGHT"},
    {0x2100cca, "GFP_HIGHUSER_MOVABLE"},
    {0x100cc2, "GFP_HIGHUSER"},
    {0x100cc0, "GFP_USER"},
    {0x400cc0, "GFP_KERNEL_ACCOUNT"},
    {0xcc0, "GFP_KERNEL"},
    {0xc40, "GFP_NOFS"},
    {0x820, "GFP_ATOMIC"},
    {0xc00, "GFP_NOIO"},
    {0x2800, "GFP_NOWAIT"},
    {1u << 0, "GFP_DMA"},
    {1u << 2, "GFP_DMA32"},
    {1u << 1, "__GFP_HIGHMEM"},
    {1u << 5, "__GFP_HIGH"},
    {1u << 6, "__GFP_IO"},
    {1u << 7, "__GFP_FS"},
    {1u << 8, "__GFP_ZERO"},
    {1u << 10, "__GFP_DIRECT_RECLAIM"},
    {1u << 11, "__GFP_KSWAPD_RECLAIM"},
    {1u << 12, "__GFP_WRITE"},
    {1u << 13, "__GFP_NOWARN"},
    {1u << 14, "__GFP_RETRY_MAYFAIL"},
    {1u << 15, "__GFP_NOFAIL"},
    {1u << 16, "__GFP_NORETRY"},
    {1u << 17, "__GFP_MEMALLOC"},
    {1u << 18, "__GFP_COMP"},
    {1u << 19, "__GFP_NOMEMALLOC"},
    {1u << 20, "__GFP_HARDWALL"},
    {1u << 21, "__GFP_THISNODE"},
    {1u << 22, "__GFP_ACCOUNT"},
    {1u << 23, "__GFP_ZEROTAGS"},
    {1u << 24, "__GFP_SKIP_ZERO"},
    {1u << 25, "__GFP_SKIP_KASAN"},
    {1u << 26, "__GFP_NO_OBJ_EXT"},
};

void gfp_text(struct buf *b, struct style *st, uint64_t flags)
{
	size_t start = b->len;

	for (size_t i = 0; i < ARRAY_SIZE(gfp_names); i++) {
		if ((flags & gfp_names[i].mask) != gfp_names[i].mask)
			continue;
		if (b->len > start)
			buf_putc(b, '|');
		buf_puts(b, gfp_names[i].name);
		flags &= ~gfp_names[i].mask;
	}
	if (flags && b->len > start)
		buf_putc(b, '|');
	if (flags)
		buf_printf(b, "0x%llx", (unsigned long long)flags);
	else if (b->len == start)
		buf_putc(b, '0');
	pad_since(b, st, start);
}
