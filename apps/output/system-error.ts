/** Errors of the system in words: what happened, and what the user can do about it. */

/** By the codes of `errno`: those that come from the user's machine, and not from a mistake of ours. */
const known: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  EACCES: ['permission denied', 'give a path that this user may use'],
  EBUSY: ['it is in use', 'give another path'],
  EDQUOT: ['the quota is used up', 'free some space or give a path on another disk'],
  EEXIST: ['there is a file of that name', 'give another path'],
  EFBIG: ['the file would be larger than allowed', 'raise the limit (ulimit -f) or give another path'],
  EIO: ['the device reports an error', 'give a path on another disk'],
  EISDIR: ['this is a folder', 'give a file'],
  ELOOP: ['symbolic links lead in a circle', 'give another path'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n)'],
  ENAMETOOLONG: ['the name is too long', 'give a shorter one'],
  ENFILE: ['too many files are open on this machine', 'end other programs'],
  ENODEV: ['there is no such device', 'give another path'],
  ENOENT: ['there is no such file or folder', 'correct the path'],
  ENOSPC: ['no space is left on the device', 'free some space or give a path on another disk'],
  ENOTDIR: ['a part of the path is a file, where a folder is expected', 'correct the path'],
  ENXIO: ['there is no such device', 'give another path'],
  EPERM: ['the operation is not permitted', 'give a path that this user may use'],
  EPIPE: ['its reader is gone', 'keep the reader open to the end'],
  EROFS: ['the file system is read-only', 'give a path on another file system'],
};

/** What an error of the system says, with its code; undefined for an error without an entry in this table. */
export function systemErrorWords(error: unknown): string | undefined {
  const { code, syscall } = (error ?? {}) as { readonly code?: unknown; readonly syscall?: unknown };
  if (typeof code !== 'string' || typeof syscall !== 'string' || !Object.hasOwn(known, code)) return undefined;
  const [what, remedy] = known[code] as readonly [string, string];
  return `${what} (${code}); ${remedy}`;
}

/** The same with the path that the system names. */
export function systemErrorText(error: unknown): string | undefined {
  const words = systemErrorWords(error);
  const { path, syscall } = (error ?? {}) as { readonly path?: unknown; readonly syscall?: unknown };
  return words === undefined ? undefined : `${typeof path === 'string' ? path : String(syscall)}: ${words}`;
}
