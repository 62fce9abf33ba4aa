// onpty PROGRAM [ARGS...]: runs it on a terminal of its own, and prints what it wrote there.
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char text[4096];
	int master, status;
	ssize_t n;
	pid_t pid;

	if (argc < 2)
		return 1;
	pid = forkpty(&master, NULL, NULL, NULL);
	if (!pid) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	while ((n = read(master, text, sizeof(text))) > 0) // EIO: the other end has gone
		if (write(1, text, (size_t)n) != n)
			return 1;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
