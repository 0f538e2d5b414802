/*
 * Moves the wall clock of a process, loaded by LD_PRELOAD. The offset is an int64_t of nanoseconds in the file that
 * WALL_CLOCK_OFFSET_FILE names, and may change at any time. Monotonic clocks stay as they are.
 * It takes no lock: PostgreSQL reads the clock in signal handlers too, and libfaketime then waits for itself.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t NS_PER_SECOND = 1000000000;
static const volatile int64_t *offset_ns;

__attribute__((constructor)) static void map_offset(void) {
  const char *file = getenv("WALL_CLOCK_OFFSET_FILE");
  int descriptor = file == NULL ? -1 : open(file, O_RDONLY | O_CLOEXEC);
  void *page = mmap(NULL, sizeof *offset_ns, PROT_READ, MAP_SHARED, descriptor, 0);
  if (page == MAP_FAILED) {
    perror("WALL_CLOCK_OFFSET_FILE");
    _exit(1);
  }
  close(descriptor);
  offset_ns = page;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
  int result = (int)syscall(SYS_clock_gettime, clock, at);
  if (result == 0 && offset_ns != NULL && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t ns = at->tv_sec * NS_PER_SECOND + at->tv_nsec + *offset_ns;
    at->tv_sec = ns / NS_PER_SECOND;
    at->tv_nsec = ns % NS_PER_SECOND;
  }
  return result;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  (void)zone;
  struct timespec now;
  int result = clock_gettime(CLOCK_REALTIME, &now);
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return result;
}

time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at != NULL) {
    *at = now.tv_sec;
  }
  return now.tv_sec;
}
