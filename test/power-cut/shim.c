/*
 * Loaded into a process before the C library: records each write, sync, truncation and naming of two files, and each line it prints, in
 * the order in which they begin and end. `trace.ts` reads what it writes.
 *
 * POWER_CUT_FILES: the files' paths, separated by a colon. POWER_CUT_TRACE: where the records go.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, WRITTEN = 2, SYNC = 3, SYNCED = 4, TRUNCATE = 5, PRINT = 6, NAME = 7 };
/* `number` is that of the record which one of WRITTEN or SYNCED ends; of WRITE, 1 where it is durable once it ends. */
struct record { uint32_t kind, file; uint64_t number, offset, length; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static uint64_t count = 0;
static char paths[2][4096];

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static ssize_t raw_write(int fd, const void *bytes, size_t length) {
  REAL(ssize_t, "write", int, const void *, size_t);
  return real(fd, bytes, length);
}

__attribute__((constructor)) static void begin(void) {
  const char *files = getenv("POWER_CUT_FILES"), *to = getenv("POWER_CUT_TRACE");
  if (!files || !to) return;
  const char *colon = strchr(files, ':');
  if (!colon) return;
  snprintf(paths[0], sizeof paths[0], "%.*s", (int)(colon - files), files);
  snprintf(paths[1], sizeof paths[1], "%s", colon + 1);
  trace = open(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* 1 or 2 for a file that is watched, also while it has its name before the last, else 0. */
static uint32_t watched(int fd) {
  char link[64], name[4096];
  if (trace < 0 || fd < 0 || fd == trace) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, name, sizeof name - 1);
  if (length <= 0) return 0;
  name[length] = 0;
  for (uint32_t i = 0; i < 2; i++) {
    size_t own = strlen(paths[i]);
    if (!strncmp(name, paths[i], own) && (!name[own] || !strcmp(name + own, "-new"))) return i + 1;
  }
  return 0;
}

static uint64_t note(uint32_t kind, uint32_t file, uint64_t number, uint64_t offset, const struct iovec *parts, int n) {
  uint64_t length = 0;
  for (int i = 0; i < n; i++) length += parts[i].iov_len;
  pthread_mutex_lock(&lock);
  struct record record = { kind, file, number, offset, length };
  raw_write(trace, &record, sizeof record);
  for (int i = 0; i < n; i++) {
    for (size_t done = 0; done < parts[i].iov_len;) {
      ssize_t wrote = raw_write(trace, (const char *)parts[i].iov_base + done, parts[i].iov_len - done);
      if (wrote <= 0) abort();
      done += wrote;
    }
  }
  uint64_t own = count++;
  pthread_mutex_unlock(&lock);
  return own;
}

static uint64_t begin_write(int fd, uint32_t file, uint64_t offset, const struct iovec *parts, int n) {
  return note(WRITE, file, (fcntl(fd, F_GETFL) & (O_DSYNC | O_SYNC)) != 0, offset, parts, n);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
  uint32_t file = watched(fd);
  if (!file) return real(fd, bytes, length, offset);
  struct iovec part = { (void *)bytes, length };
  uint64_t own = begin_write(fd, file, offset, &part, 1);
  ssize_t done = real(fd, bytes, length, offset);
  note(WRITTEN, file, own, 0, 0, 0);
  return done;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

ssize_t pwritev64(int fd, const struct iovec *parts, int n, off64_t offset) {
  REAL(ssize_t, "pwritev64", int, const struct iovec *, int, off64_t);
  uint32_t file = watched(fd);
  if (!file) return real(fd, parts, n, offset);
  uint64_t own = begin_write(fd, file, offset, parts, n);
  ssize_t done = real(fd, parts, n, offset);
  note(WRITTEN, file, own, 0, 0, 0);
  return done;
}
ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t offset) { return pwritev64(fd, parts, n, offset); }

ssize_t writev(int fd, const struct iovec *parts, int n) {
  REAL(ssize_t, "writev", int, const struct iovec *, int);
  uint32_t file = watched(fd);
  if (!file) return real(fd, parts, n);
  uint64_t own = begin_write(fd, file, lseek(fd, 0, SEEK_CUR), parts, n);
  ssize_t done = real(fd, parts, n);
  note(WRITTEN, file, own, 0, 0, 0);
  return done;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  struct iovec part = { (void *)bytes, length };
  if (fd == 1 && trace >= 0) note(PRINT, 0, 0, 0, &part, 1);
  uint32_t file = fd == 1 ? 0 : watched(fd);
  if (!file) return raw_write(fd, bytes, length);
  uint64_t own = begin_write(fd, file, lseek(fd, 0, SEEK_CUR), &part, 1);
  ssize_t done = raw_write(fd, bytes, length);
  note(WRITTEN, file, own, 0, 0, 0);
  return done;
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  int failed = real(from, to);
  if (!failed && trace >= 0 && !strcmp(to, paths[0])) note(NAME, 1, 0, 0, 0, 0);
  return failed;
}

#define SYNCING(name)                                          \
  int name(int fd) {                                           \
    REAL(int, #name, int);                                     \
    uint32_t file = watched(fd);                               \
    if (!file) return real(fd);                                \
    uint64_t own = note(SYNC, file, 0, 0, 0, 0);               \
    int failed = real(fd);                                     \
    if (!failed) note(SYNCED, file, own, 0, 0, 0);             \
    return failed;                                             \
  }
SYNCING(fsync)
SYNCING(fdatasync)

int ftruncate64(int fd, off64_t length) {
  REAL(int, "ftruncate64", int, off64_t);
  uint32_t file = watched(fd);
  if (file) note(TRUNCATE, file, 0, length, 0, 0);
  return real(fd, length);
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }
