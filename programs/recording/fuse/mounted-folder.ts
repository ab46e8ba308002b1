/** The recording file system, mounted over a folder for the time of one run. It is always unmounted, also when this process is killed. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { RecordingError } from '../recording-error.ts';

export interface MountedFolder {
  /** Unmounts, and returns once the record is whole. Throws `RecordingError` where the file system ended before. */
  unmount(): Promise<void>;
  /** Unmounts, without a look at the record. Does nothing where it is unmounted. */
  abandon(): Promise<void>;
}

interface Mount {
  readonly program: string;
  readonly folder: string;
  readonly record: string;
  readonly output: string;
}

/** Returns when the folder can be used. Throws `RecordingError` where the kernel refuses. */
export async function mountedFolder({ program, folder, record, output }: Mount): Promise<MountedFolder> {
  const { dev } = statSync(folder);
  // In a group of its own: Ctrl-C must reach the program first. The file system ends when this process dies.
  const server = spawn(program, [folder, record, output], { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let words = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const isRunning = (): boolean => server.exitCode === null && server.signalCode === null && server.pid !== undefined;
  const ended = once(server, 'exit').catch(({ message }: Error) => {
    words += message;
  });
  const release = (): void => {
    server.kill('SIGTERM');
    unmountFolder(folder, dev);
  };
  process.once('exit', release);
  const stop = async (): Promise<void> => {
    process.off('exit', release);
    if (isRunning()) server.kill('SIGTERM');
    await ended;
    // One that was killed leaves its mount.
    unmountFolder(folder, dev);
  };
  await Promise.race([once(server.stdout, 'data'), ended]);
  if (!isRunning()) {
    await stop();
    throw new RecordingError(
      `the file system cannot be mounted over ${folder}: ${words.trim()}; it needs root, or fusermount3 (Debian: apt-get install fuse3), and in a container --device /dev/fuse --cap-add SYS_ADMIN`,
    );
  }
  return {
    unmount: async () => {
      await stop();
      if (server.exitCode !== 0)
        throw new RecordingError(`the file system over ${folder} ended early: ${words.trim() || 'it was killed'}`);
    },
    abandon: stop,
  };
}

/** `dev`: the device of the folder when nothing was mounted over it. */
function unmountFolder(folder: string, dev: number): void {
  const isMounted = (): boolean => {
    try {
      return statSync(folder).dev !== dev;
    } catch {
      // Nobody serves it any more.
      return true;
    }
  };
  if (isMounted()) spawnSync('umount', ['-l', folder]);
  if (isMounted()) spawnSync('fusermount3', ['-u', '-z', folder]);
}
