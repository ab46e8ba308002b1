/*
 * A file system that passes each call on to the folder over which it is mounted, and records the calls that change files.
 *
 *   recording-fs FOLDER RECORD OUTPUT
 *
 * It stays in the foreground, prints "mounted" when FOLDER may be used, and unmounts on SIGTERM or when its parent dies. OUTPUT is a file elsewhere, which
 * appears in FOLDER under its own last name, in no listing: as the standard output of a program, it is ordered among the calls on files.
 *
 * RECORD holds one header line for each operation, then the bytes of its two texts, then a newline; "end" is the last line of a whole record:
 *
 *   BEGIN END PROCESS NAME RESULT HANDLE NUMBER SIZE-OF-FIRST SIZE-OF-SECOND
 *
 * BEGIN and END count all begins and ends from 1. One lock is held in between, so operations take effect one after another. RESULT is negative (-errno)
 * where the call failed. HANDLE numbers the opened files and is never used twice. An operation "none" changes nothing that power could take.
 *
 * Memory that is mapped to a file changes without a call. The kernel writes such pages back at msync, munmap, close, or when it likes. So before each
 * recorded call this file system asks the kernel for the changed pages of all other files that can be mapped: what a program stored before the call is
 * recorded before it, as an operation "mapped".
 *
 * Not recorded: reads, since each write names its place; times, owners and modes. Not offered: extended attributes, files without a name (O_TMPFILE), and
 * fallocate that makes holes. The kernel sends neither sync(2) nor syncfs(2) to such a file system.
 */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#define FUSE_USE_VERSION 34

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { BUCKETS = 4096, PATH_SIZE = PATH_MAX + NAME_MAX + 2, LINK_SIZE = 32 };

/* A file or folder that the kernel knows. */
struct inode {
  struct inode *next;
  /* O_PATH. Its link in /proc is the newest name that was looked up, also after a rename. */
  int fd;
  dev_t device;
  ino_t number;
  uint64_t lookups;
  /* Open handles through which memory that can be written may be mapped. */
  unsigned mappable_handles;
  bool is_output;
};

/* An opened file or folder. */
struct handle {
  uint64_t id;
  int fd;
  /* Once the folder is listed. */
  DIR *folder;
  struct inode *inode;
  bool is_mappable;
};

struct text {
  const void *bytes;
  size_t size;
};

/* A call that is being carried out. */
struct operation {
  const char *name;
  pid_t process;
  uint64_t begin;
  uint64_t handle;
  int64_t number;
  struct text first;
  struct text second;
};

static struct fuse_session *session;
static FILE *record;
static const char *output_path;
static const char *output_name;
static struct inode root;
static struct inode *table[BUCKETS];
static unsigned mappable_handles;
static uint64_t stamps;
static uint64_t handles;
/* Guards all of the above. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t pulling = PTHREAD_MUTEX_INITIALIZER;

static long checked(long result) { return result < 0 ? -errno : result; }

static struct inode *inode_of(fuse_ino_t number) { return number == FUSE_ROOT_ID ? &root : (struct inode *)(uintptr_t)number; }

static struct handle *handle_of(const struct fuse_file_info *file) { return (struct handle *)(uintptr_t)file->fh; }

/* A name by which the file itself can be opened, whatever happened to its path. */
static const char *link_of(const struct inode *inode, char link[LINK_SIZE]) {
  snprintf(link, LINK_SIZE, "/proc/self/fd/%d", inode->fd);
  return link;
}

/* The path of a file, or of a name in a folder. A file that lost the name ends in " (deleted)". */
static struct text path_of(const struct inode *inode, const char *name, char path[PATH_SIZE]) {
  char link[LINK_SIZE];
  ssize_t size = readlink(link_of(inode, link), path, PATH_MAX);
  if (size < 0) size = 0;
  path[size] = '\0';
  if (name != NULL) size += snprintf(path + size, PATH_SIZE - size, "/%s", name);
  return (struct text){path, size};
}

/*
 * Makes the kernel write changed pages of mapped memory back, and waits for these writes, which other threads serve. Its own file is left out, because the
 * kernel may hold pages of it until this call is answered. One thread pulls at a time, so the holder of any other page is answered without a wait.
 */
static void pull_mapped_pages(const struct inode *own) {
  if (pthread_mutex_trylock(&pulling) != 0) return;
  pthread_mutex_lock(&lock);
  size_t count = 0;
  fuse_ino_t *files = mappable_handles > own->mappable_handles ? malloc(mappable_handles * sizeof *files) : NULL;
  for (size_t bucket = 0; files != NULL && bucket < BUCKETS; bucket += 1)
    for (struct inode *inode = table[bucket]; inode != NULL; inode = inode->next)
      if (inode != own && inode->mappable_handles > 0) files[count++] = (uintptr_t)inode;
  pthread_mutex_unlock(&lock);
  for (size_t index = 0; index < count; index += 1) fuse_lowlevel_notify_inval_inode(session, files[index], 0, 0);
  free(files);
  pthread_mutex_unlock(&pulling);
}

static struct operation begin_without_pull(fuse_req_t request, const char *name) {
  pthread_mutex_lock(&lock);
  struct text none = {"", 0};
  return (struct operation){.name = name, .process = fuse_req_ctx(request)->pid, .begin = ++stamps, .first = none, .second = none};
}

static struct operation begin(fuse_req_t request, const char *name, const struct inode *own) {
  pull_mapped_pages(own);
  return begin_without_pull(request, name);
}

/* Writes the record before the call is answered. */
static void end(const struct operation *operation, long result) {
  const struct text *first = &operation->first, *second = &operation->second;
  fprintf(record, "%ju %ju %d %s %ld %ju %jd %zu %zu\n", (uintmax_t)operation->begin, (uintmax_t)++stamps, operation->process,
          operation->name, result, (uintmax_t)operation->handle, (intmax_t)operation->number, first->size, second->size);
  fwrite(first->bytes, 1, first->size, record);
  fwrite(second->bytes, 1, second->size, record);
  fputc('\n', record);
  pthread_mutex_unlock(&lock);
}

/* Finds a name and counts it as known to the kernel, for no time: it asks again before each use of the name. Needs the lock. */
static long enter(const struct inode *parent, const char *name, struct fuse_entry_param *entry) {
  bool is_output = parent == &root && strcmp(name, output_name) == 0;
  int fd = is_output ? open(output_path, O_PATH | O_CLOEXEC) : openat(parent->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -errno;
  memset(entry, 0, sizeof *entry);
  if (fstat(fd, &entry->attr) < 0) {
    long result = -errno;
    close(fd);
    return result;
  }
  struct inode **bucket = &table[entry->attr.st_ino % BUCKETS];
  struct inode *inode = *bucket;
  while (inode != NULL && (inode->number != entry->attr.st_ino || inode->device != entry->attr.st_dev)) inode = inode->next;
  if (inode == NULL) {
    inode = calloc(1, sizeof *inode);
    if (inode == NULL) {
      close(fd);
      return -ENOMEM;
    }
    *inode = (struct inode){*bucket, fd, entry->attr.st_dev, entry->attr.st_ino, 0, 0, is_output};
    *bucket = inode;
  } else {
    close(inode->fd);
    inode->fd = fd;
  }
  inode->lookups += 1;
  entry->ino = (uintptr_t)inode;
  return 0;
}

/* Answers with the error, if there is one. */
static bool is_refused(fuse_req_t request, long result) {
  if (result < 0) fuse_reply_err(request, -result);
  return result < 0;
}

static void on_lookup(fuse_req_t request, fuse_ino_t parent, const char *name) {
  struct fuse_entry_param entry;
  pthread_mutex_lock(&lock);
  long result = enter(inode_of(parent), name, &entry);
  pthread_mutex_unlock(&lock);
  if (!is_refused(request, result)) fuse_reply_entry(request, &entry);
}

static void on_forget(fuse_req_t request, fuse_ino_t number, uint64_t lookups) {
  struct inode *inode = inode_of(number);
  pthread_mutex_lock(&lock);
  inode->lookups -= lookups;
  if (inode->lookups == 0 && inode != &root) {
    struct inode **place = &table[inode->number % BUCKETS];
    while (*place != inode) place = &(*place)->next;
    *place = inode->next;
    close(inode->fd);
    free(inode);
  }
  pthread_mutex_unlock(&lock);
  fuse_reply_none(request);
}

static void on_getattr(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *file) {
  (void)file;
  struct stat attributes;
  pthread_mutex_lock(&lock);
  long result = checked(fstat(inode_of(number)->fd, &attributes));
  pthread_mutex_unlock(&lock);
  if (!is_refused(request, result)) fuse_reply_attr(request, &attributes, 0);
}

/* The time that utimensat(2) gets for one of the two times of a file. */
static struct timespec time_of(int to_set, int set, int set_now, struct timespec time) {
  if ((to_set & set_now) != 0) return (struct timespec){0, UTIME_NOW};
  return (to_set & set) != 0 ? time : (struct timespec){0, UTIME_OMIT};
}

static void on_setattr(fuse_req_t request, fuse_ino_t number, struct stat *wanted, int to_set, struct fuse_file_info *file) {
  struct inode *inode = inode_of(number);
  char link[LINK_SIZE], path[PATH_SIZE];
  long result = 0;
  if ((to_set & FUSE_SET_ATTR_SIZE) != 0) {
    struct operation operation = begin(request, inode->is_output ? "none" : "truncate", inode);
    operation.number = wanted->st_size;
    if (file != NULL) operation.handle = handle_of(file)->id;
    else operation.first = path_of(inode, NULL, path);
    result = checked(file != NULL ? ftruncate(handle_of(file)->fd, wanted->st_size) : truncate(link_of(inode, link), wanted->st_size));
    end(&operation, result);
  }
  pthread_mutex_lock(&lock);
  link_of(inode, link);
  if (result >= 0 && (to_set & FUSE_SET_ATTR_MODE) != 0) result = checked(chmod(link, wanted->st_mode));
  if (result >= 0 && (to_set & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID)) != 0) {
    uid_t user = (to_set & FUSE_SET_ATTR_UID) != 0 ? wanted->st_uid : (uid_t)-1;
    gid_t group = (to_set & FUSE_SET_ATTR_GID) != 0 ? wanted->st_gid : (gid_t)-1;
    result = checked(fchownat(inode->fd, "", user, group, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW));
  }
  if (result >= 0 && (to_set & (FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_MTIME)) != 0) {
    struct timespec times[2] = {time_of(to_set, FUSE_SET_ATTR_ATIME, FUSE_SET_ATTR_ATIME_NOW, wanted->st_atim),
                                time_of(to_set, FUSE_SET_ATTR_MTIME, FUSE_SET_ATTR_MTIME_NOW, wanted->st_mtim)};
    result = checked(utimensat(AT_FDCWD, link, times, 0));
  }
  pthread_mutex_unlock(&lock);
  if (!is_refused(request, result)) on_getattr(request, number, file);
}

static void on_readlink(fuse_req_t request, fuse_ino_t number) {
  char target[PATH_MAX + 1];
  pthread_mutex_lock(&lock);
  long size = checked(readlinkat(inode_of(number)->fd, "", target, PATH_MAX));
  pthread_mutex_unlock(&lock);
  if (is_refused(request, size)) return;
  target[size] = '\0';
  fuse_reply_readlink(request, target);
}

/* A new name belongs to the user that asked for it, where root mounts for others. */
static void give_to_caller(fuse_req_t request, const struct inode *parent, const char *name) {
  const struct fuse_ctx *caller = fuse_req_ctx(request);
  if (geteuid() == 0 && (caller->uid != 0 || caller->gid != 0))
    (void)!fchownat(parent->fd, name, caller->uid, caller->gid, AT_SYMLINK_NOFOLLOW);
}

/* Ends the call that made a name, and answers with what it names. */
static void made(fuse_req_t request, const struct operation *operation, const struct inode *parent, const char *name, long result) {
  struct fuse_entry_param entry;
  if (result >= 0) give_to_caller(request, parent, name);
  long entered = result < 0 ? result : enter(parent, name, &entry);
  end(operation, result);
  if (!is_refused(request, entered)) fuse_reply_entry(request, &entry);
}

static void on_mkdir(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode) {
  struct inode *folder = inode_of(parent);
  char path[PATH_SIZE];
  struct operation operation = begin(request, "mkdir", folder);
  operation.first = path_of(folder, name, path);
  made(request, &operation, folder, name, checked(mkdirat(folder->fd, name, mode)));
}

/* Pipes and sockets hold nothing that power could take: their record is not read. */
static void on_mknod(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode, dev_t device) {
  struct inode *folder = inode_of(parent);
  char path[PATH_SIZE];
  struct operation operation = begin(request, S_ISREG(mode) ? "open" : "none", folder);
  operation.handle = ++handles;
  operation.number = O_CREAT | O_EXCL;
  operation.first = path_of(folder, name, path);
  made(request, &operation, folder, name, checked(mknodat(folder->fd, name, mode, device)));
}

static void on_symlink(fuse_req_t request, const char *target, fuse_ino_t parent, const char *name) {
  struct inode *folder = inode_of(parent);
  char path[PATH_SIZE];
  struct operation operation = begin(request, "symlink", folder);
  operation.first = (struct text){target, strlen(target)};
  operation.second = path_of(folder, name, path);
  made(request, &operation, folder, name, checked(symlinkat(target, folder->fd, name)));
}

static void on_link(fuse_req_t request, fuse_ino_t number, fuse_ino_t parent, const char *name) {
  struct inode *inode = inode_of(number), *folder = inode_of(parent);
  char from[PATH_SIZE], to[PATH_SIZE], link[LINK_SIZE];
  struct operation operation = begin(request, "link", folder);
  operation.first = path_of(inode, NULL, from);
  operation.second = path_of(folder, name, to);
  made(request, &operation, folder, name, checked(linkat(AT_FDCWD, link_of(inode, link), folder->fd, name, AT_SYMLINK_FOLLOW)));
}

static void removed(fuse_req_t request, const char *operation_name, fuse_ino_t parent, const char *name, int flags) {
  struct inode *folder = inode_of(parent);
  char path[PATH_SIZE];
  struct operation operation = begin(request, operation_name, folder);
  operation.first = path_of(folder, name, path);
  long result = checked(unlinkat(folder->fd, name, flags));
  end(&operation, result);
  fuse_reply_err(request, -result);
}

static void on_unlink(fuse_req_t request, fuse_ino_t parent, const char *name) { removed(request, "unlink", parent, name, 0); }

static void on_rmdir(fuse_req_t request, fuse_ino_t parent, const char *name) {
  removed(request, "rmdir", parent, name, AT_REMOVEDIR);
}

static void on_rename(fuse_req_t request, fuse_ino_t parent, const char *name, fuse_ino_t new_parent, const char *new_name,
                      unsigned flags) {
  struct inode *source = inode_of(parent), *target = inode_of(new_parent);
  char from[PATH_SIZE], to[PATH_SIZE];
  struct operation operation = begin(request, (flags & RENAME_EXCHANGE) != 0 ? "exchange" : "rename", source);
  operation.first = path_of(source, name, from);
  operation.second = path_of(target, new_name, to);
  long result = checked(renameat2(source->fd, name, target->fd, new_name, flags));
  end(&operation, result);
  fuse_reply_err(request, -result);
}

/* The kernel names the place of each write and sends the syncs of O_SYNC, so the file beneath needs none of these flags. */
static int flags_beneath(int flags) { return (flags & ~(O_NOFOLLOW | O_APPEND | O_SYNC | O_DSYNC | O_DIRECT)) | O_CLOEXEC; }

/* Makes the handle of a file that was opened, with the lock held. A negative result leaves nothing open. */
static long opened(struct operation *operation, long fd, struct inode *inode, struct fuse_file_info *file) {
  struct handle *handle = fd < 0 ? NULL : malloc(sizeof *handle);
  if (handle == NULL) {
    if (fd >= 0) close(fd);
    return fd < 0 ? fd : -ENOMEM;
  }
  bool is_mappable = (file->flags & O_ACCMODE) == O_RDWR && !inode->is_output;
  *handle = (struct handle){++handles, fd, NULL, inode, is_mappable};
  if (is_mappable) {
    inode->mappable_handles += 1;
    mappable_handles += 1;
  }
  file->fh = (uintptr_t)handle;
  operation->handle = handle->id;
  return 0;
}

static void close_handle(struct handle *handle) {
  pthread_mutex_lock(&lock);
  if (handle->is_mappable) {
    handle->inode->mappable_handles -= 1;
    mappable_handles -= 1;
  }
  pthread_mutex_unlock(&lock);
  if (handle->folder != NULL) closedir(handle->folder);
  else close(handle->fd);
  free(handle);
}

static void on_open(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *file) {
  struct inode *inode = inode_of(number);
  char link[LINK_SIZE], path[PATH_SIZE];
  struct operation operation = begin(request, inode->is_output ? "none" : "open", inode);
  operation.number = file->flags;
  operation.first = path_of(inode, NULL, path);
  long result = opened(&operation, checked(open(link_of(inode, link), flags_beneath(file->flags))), inode, file);
  end(&operation, result);
  if (!is_refused(request, result) && fuse_reply_open(request, file) < 0) close_handle(handle_of(file));
}

static void on_create(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode, struct fuse_file_info *file) {
  struct inode *folder = inode_of(parent);
  struct fuse_entry_param entry;
  char path[PATH_SIZE];
  struct operation operation = begin(request, "open", folder);
  operation.number = file->flags | O_CREAT;
  operation.first = path_of(folder, name, path);
  long fd = checked(openat(folder->fd, name, flags_beneath(file->flags) | O_CREAT | O_NOFOLLOW, mode));
  if (fd >= 0) give_to_caller(request, folder, name);
  long result = fd < 0 ? fd : enter(folder, name, &entry);
  if (result < 0 && fd >= 0) close(fd);
  if (result >= 0) result = opened(&operation, fd, inode_of(entry.ino), file);
  end(&operation, result);
  if (!is_refused(request, result) && fuse_reply_create(request, &entry, file) < 0) close_handle(handle_of(file));
}

static void on_read(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset, struct fuse_file_info *file) {
  (void)number;
  struct fuse_bufvec bytes = FUSE_BUFVEC_INIT(size);
  bytes.buf[0].flags = FUSE_BUF_IS_FD | FUSE_BUF_FD_SEEK;
  bytes.buf[0].fd = handle_of(file)->fd;
  bytes.buf[0].pos = offset;
  fuse_reply_data(request, &bytes, 0);
}

/* A page that is written back takes no part in a pull: it may be the answer to one, and its file has any open handle. */
static void on_write(fuse_req_t request, fuse_ino_t number, const char *bytes, size_t size, off_t offset, struct fuse_file_info *file) {
  struct inode *inode = inode_of(number);
  struct operation operation = file->writepage ? begin_without_pull(request, "mapped")
                                               : begin(request, inode->is_output ? "output" : "write", inode);
  long result = checked(pwrite(handle_of(file)->fd, bytes, size, offset));
  operation.handle = handle_of(file)->id;
  operation.number = offset;
  operation.first = (struct text){bytes, result < 0 ? 0 : result};
  end(&operation, result);
  if (!is_refused(request, result)) fuse_reply_write(request, result);
}

/* Space alone, or a greater length; a program must do without holes. */
static void on_fallocate(fuse_req_t request, fuse_ino_t number, int mode, off_t offset, off_t length, struct fuse_file_info *file) {
  if (is_refused(request, (mode & ~FALLOC_FL_KEEP_SIZE) != 0 ? -EOPNOTSUPP : 0)) return;
  struct operation operation = begin(request, mode == 0 ? "extend" : "none", inode_of(number));
  long result = checked(fallocate(handle_of(file)->fd, mode, offset, length));
  operation.handle = handle_of(file)->id;
  operation.number = offset + length;
  end(&operation, result);
  fuse_reply_err(request, -result);
}

/* At each close(2). The kernel has written changed pages back by then. */
static void on_flush(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *file) {
  struct operation operation = begin_without_pull(request, inode_of(number)->is_output ? "none" : "flush");
  operation.handle = handle_of(file)->id;
  end(&operation, 0);
  fuse_reply_err(request, 0);
}

static void on_fsync(fuse_req_t request, fuse_ino_t number, int is_data_only, struct fuse_file_info *file) {
  struct inode *inode = inode_of(number);
  struct operation operation = begin(request, inode->is_output ? "none" : is_data_only ? "fdatasync" : "fsync", inode);
  operation.handle = handle_of(file)->id;
  long result = checked(is_data_only ? fdatasync(handle_of(file)->fd) : fsync(handle_of(file)->fd));
  end(&operation, result);
  fuse_reply_err(request, -result);
}

static void on_release(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *file) {
  (void)number;
  close_handle(handle_of(file));
  fuse_reply_err(request, 0);
}

static void on_readdir(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset, struct fuse_file_info *file) {
  (void)number;
  struct handle *handle = handle_of(file);
  if (handle->folder == NULL) handle->folder = fdopendir(handle->fd);
  DIR *folder = handle->folder;
  char *entries = folder == NULL ? NULL : malloc(size);
  if (is_refused(request, entries == NULL ? -errno : 0)) return;
  size_t used = 0;
  if (offset == 0) rewinddir(folder);
  else seekdir(folder, offset);
  for (struct dirent *found = readdir(folder); found != NULL; found = readdir(folder)) {
    struct stat attributes = {.st_ino = found->d_ino, .st_mode = DTTOIF(found->d_type)};
    size_t needed = fuse_add_direntry(request, entries + used, size - used, found->d_name, &attributes, telldir(folder));
    if (needed > size - used) break;
    used += needed;
  }
  fuse_reply_buf(request, entries, used);
  free(entries);
}

static void on_statfs(fuse_req_t request, fuse_ino_t number) {
  (void)number;
  struct statvfs statistics;
  long result = checked(fstatvfs(root.fd, &statistics));
  if (!is_refused(request, result)) fuse_reply_statfs(request, &statistics);
}

static const struct fuse_lowlevel_ops operations = {
    .lookup = on_lookup,         .forget = on_forget,   .getattr = on_getattr, .setattr = on_setattr, .readlink = on_readlink,
    .mknod = on_mknod,           .mkdir = on_mkdir,     .unlink = on_unlink,   .rmdir = on_rmdir,     .symlink = on_symlink,
    .rename = on_rename,         .link = on_link,       .open = on_open,       .create = on_create,   .read = on_read,
    .write = on_write,           .flush = on_flush,     .fsync = on_fsync,     .release = on_release, .fallocate = on_fallocate,
    .opendir = on_open,          .readdir = on_readdir, .fsyncdir = on_fsync,  .statfs = on_statfs,   .releasedir = on_release,
};

/* Serves the folder until it is unmounted. Returns whether it was served. */
static bool serve(const char *folder) {
  /* Root mounts for all users, each with their own rights. */
  char *arguments[] = {"recording-fs", "-o", geteuid() == 0 ? "fsname=lazurite,allow_other,default_permissions" : "fsname=lazurite"};
  struct fuse_args parsed = FUSE_ARGS_INIT(3, arguments);
  struct fuse_loop_config threads = {.clone_fd = 0, .max_idle_threads = 10};
  bool is_served = false;
  session = fuse_session_new(&parsed, &operations, sizeof operations, NULL);
  fuse_opt_free_args(&parsed);
  if (session == NULL) return false;
  if (fuse_set_signal_handlers(session) == 0) {
    if (fuse_session_mount(session, folder) == 0) {
      puts("mounted");
      fflush(stdout);
      is_served = fuse_session_loop_mt(session, &threads) >= 0;
      fuse_session_unmount(session);
    }
    fuse_remove_signal_handlers(session);
  }
  fuse_session_destroy(session);
  return is_served;
}

int main(int count, char *arguments[]) {
  if (count != 4) {
    fprintf(stderr, "usage: recording-fs FOLDER RECORD OUTPUT\n");
    return 2;
  }
  output_path = arguments[3];
  output_name = strrchr(output_path, '/') == NULL ? output_path : strrchr(output_path, '/') + 1;
  root.fd = open(arguments[1], O_PATH | O_DIRECTORY | O_CLOEXEC);
  record = fopen(arguments[2], "we");
  if (root.fd < 0 || record == NULL) {
    perror(root.fd < 0 ? arguments[1] : arguments[2]);
    return 1;
  }
  /* The kernel keeps many files in mind, each with a descriptor here. */
  struct rlimit descriptors;
  if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
    descriptors.rlim_cur = descriptors.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &descriptors);
  }
  umask(0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  bool is_served = serve(arguments[1]);
  if (is_served) fputs("end\n", record);
  bool is_written = !ferror(record) && fclose(record) == 0;
  if (!is_written) perror(arguments[2]);
  return is_served && is_written ? 0 : 1;
}
