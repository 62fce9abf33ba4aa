// main: options, then the driver.
#include "base/fd.h"
#include "base/log.h"
#include "driver.h"
#include "options.h"

int main(int argc, char **argv)
{
	struct options o = {0};
	int status;

	fd_hold_standard();
	status = options_parse(&o, argc, argv);

	if (status < 0) {
		log_set_level(o.quiet ? LOG_QUIET : o.verbose ? LOG_VERBOSE : LOG_NORMAL);
		status = driver_main(&o);
	}
	options_release(&o);
	return status;
}
