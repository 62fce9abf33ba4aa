// pcap: packets to a file that tcpdump and its kin read. Bytes of packets and their wall clock
// enter; a header of 24 bytes, then per packet 16 bytes and the packet leave, in this machine's
// byte order, with times in microseconds.
//
// The link type says that a packet begins with its IP header.
#include "output/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC 0xa1b2c3d4u
#define LINKTYPE_RAW 101u
#define SNAPSHOT_BYTES 65535u
#define NS_PER_SEC 1000000000ull

struct pcap {
	FILE *file;
	bool is_stdout;
};

struct file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, accuracy; // never used
	uint32_t snapshot;	 // bytes of a packet at most
	uint32_t link_type;
};

struct packet_header {
	uint32_t sec, usec;
	uint32_t captured, length; // bytes: in the file, of the packet
};

static int put(struct pcap *p, const void *data, size_t size)
{
	errno = 0;
	if (fwrite(data, 1, size, p->file) == size)
		return 0;
	return errno ? -errno : -EIO;
}

struct pcap *pcap_create(const char *path)
{
	static const struct file_header head = {.magic = MAGIC,
						.major = 2,
						.minor = 4,
						.snapshot = SNAPSHOT_BYTES,
						.link_type = LINKTYPE_RAW};
	struct pcap *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->is_stdout = !strcmp(path, "-");
	p->file = p->is_stdout ? stdout : fopen(path, "we");
	if (p->file && !put(p, &head, sizeof(head)))
		return p;
	if (p->file && !p->is_stdout)
		fclose(p->file);
	free(p);
	return NULL;
}

int pcap_packet(struct pcap *p, uint64_t wall_ns, const void *data, uint32_t size)
{
	struct packet_header head = {.sec = (uint32_t)(wall_ns / NS_PER_SEC),
				     .usec = (uint32_t)(wall_ns % NS_PER_SEC / 1000),
				     .captured = size,
				     .length = size};
	int err = put(p, &head, sizeof(head));

	return err ?: put(p, data, size);
}

int pcap_flush(struct pcap *p)
{
	errno = 0;
	if (!fflush(p->file))
		return 0;
	return errno ? -errno : -EIO;
}

int pcap_close(struct pcap *p)
{
	int err = pcap_flush(p);

	if (!p->is_stdout && fclose(p->file) && !err)
		err = -errno;
	free(p);
	return err;
}
