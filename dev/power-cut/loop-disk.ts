/**
 * A real file system in a file, and a real loss of power. The kernel shuts the file system down without writing its log (FS_IOC_SHUTDOWN): page cache and
 * uncommitted journal are gone. Then it is mounted again. Needs Linux, root, a loop device, and python3 for the one ioctl.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, rmSync } from 'node:fs';
import type { PersonalityName } from '../../programs/index.ts';
import { newDiskHome, unmount } from './stale-disks.ts';

/** The personalities that a real file system can be held against here. Btrfs refuses the ioctl. */
export type RealFileSystem = PersonalityName & ('ext4' | 'ext4-ordered' | 'xfs');
export const realFileSystems: readonly RealFileSystem[] = ['ext4', 'ext4-ordered', 'xfs'];

const formats: Readonly<Record<RealFileSystem, { readonly make: readonly string[]; readonly options: string }>> = {
  ext4: { make: ['mkfs.ext4', '-q', '-F'], options: 'loop' },
  'ext4-ordered': { make: ['mkfs.ext4', '-q', '-F'], options: 'loop,noauto_da_alloc' },
  xfs: { make: ['mkfs.xfs', '-q', '-f'], options: 'loop' },
};

/** XFS takes no smaller one. The file is sparse. */
const imageBytes = 512 << 20;

/** 2: without a flush of the log. */
const shutDown = `import fcntl, os, struct, sys
fd = os.open(sys.argv[1], os.O_RDONLY)
fcntl.ioctl(fd, 0x8004587d, struct.pack('I', 2))`;

/** What is missing here for real losses of power; undefined if nothing is. */
export function whyNoPowerCut(fileSystem: RealFileSystem): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has loop devices with FS_IOC_SHUTDOWN';
  if (process.getuid?.() !== 0) return 'mounting needs root: run it as root, or in a virtual machine';
  const [make = ''] = formats[fileSystem].make;
  for (const [program, args, wanted] of [
    [make, ['-V'], `${make} is not installed (Debian: apt-get install ${make === 'mkfs.xfs' ? 'xfsprogs' : 'e2fsprogs'})`],
    ['python3', ['-c', ''], 'python3 is not installed: it makes the one system call that Node cannot make'],
    ['losetup', ['-f'], 'there is no free loop device (`losetup -f` fails)'],
  ] as const)
    if (spawnSync(program, args).status !== 0) return wanted;
  try {
    new LoopDisk(fileSystem).end();
  } catch (error) {
    return `a ${fileSystem} file system in a file cannot be mounted here: ${(error as Error).message}`;
  }
  return undefined;
}

export class LoopDisk {
  readonly fileSystem: RealFileSystem;
  /** Where it is mounted. */
  readonly path: string;
  readonly #home: string;
  readonly #image: string;
  #isMounted = false;

  constructor(fileSystem: RealFileSystem) {
    this.fileSystem = fileSystem;
    ({ home: this.#home, image: this.#image, path: this.path } = newDiskHome());
    mkdirSync(this.path);
    try {
      const image = openSync(this.#image, 'w');
      ftruncateSync(image, imageBytes);
      closeSync(image);
      run([...formats[fileSystem].make, this.#image]);
      this.#mount();
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Everything that was done so far becomes durable. */
  sync(): void {
    run(['sync', '-f', this.path]);
  }

  /** Power fails. Processes that hold files open go on with errors, until `restart`. */
  cut(): void {
    run(['python3', '-c', shutDown, this.path]);
  }

  /** Mounts what is left. Processes that hold its files open must have ended. */
  restart(): void {
    this.#unmount();
    this.#mount();
  }

  end(): void {
    if (this.#isMounted) this.#unmount();
    if (existsSync(this.#home)) rmSync(this.#home, { recursive: true, force: true });
  }

  #mount(): void {
    run(['mount', '-o', formats[this.fileSystem].options, this.#image, this.path]);
    this.#isMounted = true;
  }

  #unmount(): void {
    unmount(this.path);
    this.#isMounted = false;
  }
}

function run([program = '', ...args]: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${(error?.message ?? stderr).trim().split('\n').at(-1)}`);
}
