// thread: a helper thread that signals leave alone; they are for the main thread.
#pragma once

#include <pthread.h>
#include <stdbool.h>

bool thread_start(pthread_t *t, void *(*run)(void *), void *arg); // false: there is none
