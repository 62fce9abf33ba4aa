// hotplug: CPUs that come and go while tracing, as the kernel announces them.
#pragma once

#include <stdbool.h>

struct hotplug_event {
	unsigned cpu;
	bool online; // else: it has gone
};

int hotplug_open(void); // a socket to wait on, or -errno
// "online@/devices/system/cpu/cpu3". False: not about a CPU's coming or going.
bool hotplug_parse(const char *text, struct hotplug_event *out);
// The next event that waits there. False: none.
bool hotplug_next(int fd, struct hotplug_event *out);
