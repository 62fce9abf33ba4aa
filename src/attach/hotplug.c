// hotplug.c: the kernel's own device events, of which those of CPUs are kept:
//
//	online@/devices/system/cpu/cpu3
//
// Enters: a netlink socket. Leaves: events. Refuses messages of anybody but the kernel.
#include "attach/hotplug.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { KERNEL_EVENTS = 1, MESSAGE_MAX = 8192 };

int hotplug_open(void)
{
	struct sockaddr_nl at = {.nl_family = AF_NETLINK, .nl_groups = KERNEL_EVENTS};
	int fd =
	    socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);

	if (fd < 0)
		return -errno;
	if (!bind(fd, (struct sockaddr *)&at, sizeof(at)))
		return fd;
	int err = -errno;
	close(fd);
	return err;
}

bool hotplug_parse(const char *text, struct hotplug_event *out)
{
	int end = 0;

	out->online = sscanf(text, "online@/devices/system/cpu/cpu%u%n", &out->cpu, &end) == 1;
	if (!out->online)
		sscanf(text, "offline@/devices/system/cpu/cpu%u%n", &out->cpu, &end);
	return end && !text[end];
}

bool hotplug_next(int fd, struct hotplug_event *out)
{
	char text[MESSAGE_MAX + 1];
	struct sockaddr_nl from;
	socklen_t size = sizeof(from);
	ssize_t n;

	while ((n = recvfrom(fd, text, MESSAGE_MAX, 0, (struct sockaddr *)&from, &size)) >= 0) {
		text[n] = '\0';
		if (size == sizeof(from) && from.nl_pid == 0 && hotplug_parse(text, out))
			return true;
		size = sizeof(from);
	}
	return false;
}
