/**
 * What a program did to its files, as it was recorded: one call each, with begin and end. All recorders (at Node's fs binding, by strace, and by a file
 * system) write these, and the disk model reads nothing else.
 */

export type Call =
  /** `flags`: as given to open(2). */
  | { readonly op: 'open'; readonly path: string; readonly flags: number; readonly fd: number }
  | { readonly op: 'close'; readonly fd: number }
  | { readonly op: 'dup'; readonly fd: number; readonly to: number }
  /**
   * The bytes that were written. `position`: null if the descriptor's own place counts. `isMapped`: by the kernel, for memory that is mapped to the file;
   * O_SYNC says nothing of it.
   */
  | {
      readonly op: 'write';
      readonly fd: number;
      readonly bytes: Uint8Array;
      readonly position: number | null;
      readonly isMapped?: true;
    }
  /** A read at the descriptor's own place moves it; `count` in bytes. */
  | { readonly op: 'read'; readonly fd: number; readonly count: number }
  | { readonly op: 'seek'; readonly fd: number; readonly position: number }
  | { readonly op: 'truncate'; readonly fd?: number; readonly path?: string; readonly length: number }
  /** The least length of the file after the call. */
  | { readonly op: 'extend'; readonly fd: number; readonly length: number }
  | { readonly op: 'rename' | 'link'; readonly from: string; readonly to: string }
  | { readonly op: 'symlink'; readonly target: string; readonly path: string }
  | { readonly op: 'unlink' | 'mkdir' | 'rmdir' | 'remove-tree'; readonly path: string }
  /** `bytes`: where the source is outside the recorded folder. */
  | { readonly op: 'copy'; readonly from: string; readonly to: string; readonly bytes?: Uint8Array }
  | { readonly op: 'sync'; readonly fd: number; readonly isDataOnly: boolean }
  | { readonly op: 'sync-all' }
  /** A new process with a copy of this one's descriptors. */
  | { readonly op: 'fork'; readonly child: string }
  | { readonly op: 'acknowledge'; readonly value: unknown }
  /** Something that may have changed files out of sight: an addon, a child process, a call that is not understood. */
  | { readonly op: 'unseen'; readonly what: string; readonly path?: string };

export interface RecordedCall {
  /** Order of all begins and ends, over all processes. A call without an end was under way when the record ended. */
  readonly begin: number;
  readonly end: number;
  /** Whose descriptors count. */
  readonly process: string;
  readonly call: Call;
  /** Where in the source it was called, such as `app.ts:12`; empty if that is not known. */
  readonly place: string;
}

/** A file or folder of the recorded folder, by its relative path. */
export type Entry =
  | { readonly type: 'file'; readonly bytes: Uint8Array }
  | { readonly type: 'folder' }
  | { readonly type: 'link'; readonly target: string };

export type Folder = ReadonlyMap<string, Entry>;

export interface ProgramRecord {
  /** Absolute path of the folder that was watched. */
  readonly folder: string;
  /** What the folder held at the beginning; all of it counts as durable. */
  readonly before: Folder;
  /** What it held at the end, as read from the real disk. */
  readonly after: Folder;
  readonly calls: readonly RecordedCall[];
}
