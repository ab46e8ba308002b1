/** Damages the disk of a node, and decides whether an honest node can detect the damage. */
import type { World } from '../actors/scheduler/index.ts';

import { crc32 } from '../wal/crc32.ts';
import { encodeFrame, frameHeaderBytes, frameSeed, segmentHeaderBytes } from '../wal/format.ts';
import {
  applicationFiles,
  fileNamed,
  type JudgedFile,
  judgeFile,
  type RestFault,
  type SimulatedDisk,
  sectorBytes,
  signerFiles,
  sourceOf,
} from '../wal/index.ts';
import type { Acknowledged } from './acknowledged.ts';
import type { AnyFile, DamagedFile, DiskPart, Fault } from './faults.ts';

/** How long a node stays down whose disk was damaged. */
export const damagedDownMs = 300;

/**
 * Damages one frame of the newest segment or block store file: the last frame (`last`), or the last one that was acknowledged as durable before a later frame
 * was written (`middle`). In the other files it damages a field. Marks the node as faulty if nothing durable can reveal the damage, unless `keepCorrect` is set.
 * Returns false if there is nothing to damage.
 */
export function damageFrame(
  world: World,
  node: string,
  kind: 'bit-flip' | 'unreadable',
  which: 'middle' | 'last',
  acknowledged: Acknowledged | undefined,
  {
    file = 'wal',
    part,
    keepCorrect,
  }: {
    readonly file?: AnyFile | 'promise';
    readonly part?: 'payload' | 'length';
    readonly keepCorrect?: boolean;
  } = {},
): boolean {
  const disk = world.disk(node);
  if (file === 'promise') return damagePromise(disk, kind, which, part);
  if (file === 'signer' || file === 'app') {
    const { length, height, rest } = replacedPlaces[file];
    const offset = part === 'length' ? length : which === 'last' ? height : rest;
    return damageReplaced(disk, file, (name) =>
      kind === 'bit-flip' ? { type: kind, file: name, offset, bit: 0 } : { type: kind, file: name, sector: 0 },
    );
  }
  const newest = newestFile(disk, file);
  const frame = which === 'last' ? newest?.frames.at(-1) : newest && acknowledged?.lastFrame(node, newest);
  if (newest === undefined || frame === undefined) return false;
  const offset = part === 'length' ? frame.offset - frameHeaderBytes : frame.offset + Math.floor(frame.length / 2);
  if (kind === 'bit-flip') disk.damage({ type: 'bit-flip', file: newest.file, offset, bit: 0 });
  else disk.damage({ type: 'unreadable', file: newest.file, sector: Math.floor(offset / sectorBytes) });
  // Later frames in the same sector are damaged too, so they cannot prove that the earlier ones were durable.
  if ((which === 'last' || kind === 'unreadable') && keepCorrect !== true && isUntold(disk, file))
    world.markFaulty(node, 'a batch was damaged, and nothing on the disk shows that it had been durable');
  return true;
}

/** Damages the newest promise file of a node that abstains. Each slot of the file fills one sector. The rest still shows that a promise was made. */
function damagePromise(
  disk: SimulatedDisk,
  kind: 'bit-flip' | 'unreadable',
  which: 'middle' | 'last',
  part: 'payload' | 'length' | undefined,
): boolean {
  const newest = disk
    .list('wal')
    .flatMap((name) => fileNamed(`wal/${name}`) ?? [])
    .filter(({ type }) => type === 'abstain')
    .sort((a, b) => a.life - b.life)
    .at(-1);
  if (newest === undefined) return false;
  const { file } = newest;
  const sector = which === 'last' ? Math.max(0, Math.ceil(disk.size(file) / sectorBytes) - 1) : 0;
  const offset = sector * sectorBytes + (part === 'length' ? 0 : sectorBytes / 32);
  disk.damage(kind === 'bit-flip' ? { type: kind, file, offset, bit: 0 } : { type: kind, file, sector });
  return true;
}

/** Places to damage in the signer's file and in the application's own store: the last byte of the height, of the length, and of a field after these (docs/formats/wal.md). */
const replacedPlaces = { signer: { height: 15, rest: 23, length: 27 }, app: { height: 15, rest: 21, length: 19 } } as const;

/**
 * Whether the end of a file can be lost without a trace on the disk. With strict attestation a second file records how far the log reached. What the block
 * store loses is still in the log, or the folder shows that it is missing.
 */
export function isUntold(disk: SimulatedDisk, file: DamagedFile): boolean {
  return file === 'wal' && !disk.list('wal').some((name) => name.startsWith('attest.'));
}

/**
 * Whether the signer's file reveals that the log was cut at `end`: an own message after that is gone, and the signer wrote its name down before it was sent.
 * A message that the signer's file does not name was never sent.
 */
function isToldBySigner(disk: SimulatedDisk, { frames }: JudgedFile, end: number): boolean {
  const isGone = frames.some(({ kind, offset, length }) => kind === 'own' && offset + length > end);
  return isGone && signerFilesOn(disk).length > 0;
}

function signerFilesOn(disk: SimulatedDisk): readonly string[] {
  return signerFiles(disk.list('signer').map((name) => `signer/${name}`));
}

function applicationFilesOn(disk: SimulatedDisk): readonly string[] {
  return applicationFiles(disk.list('app').map((name) => `app/${name}`));
}

const foldersOf: Readonly<Record<DiskPart, readonly string[]>> = { log: ['wal', 'blocks'], signer: ['signer'], app: ['app'] };

function filesOf(disk: SimulatedDisk, part: DiskPart): readonly string[] {
  return foldersOf[part].flatMap((folder) => disk.list(folder).map((name) => `${folder}/${name}`));
}

/** A fork of the disk in which one part is replaced by that of the copy. The replacement is durable. */
export function withPartOf(disk: SimulatedDisk, copy: SimulatedDisk, part: DiskPart): SimulatedDisk {
  const mixed = disk.fork();
  for (const file of filesOf(mixed, part)) mixed.damage({ type: 'missing', file });
  for (const file of filesOf(copy, part)) {
    mixed.create(file);
    mixed.append(file, copy.read(file));
    mixed.sync(file);
  }
  for (const folder of [...foldersOf[part], '']) mixed.syncDirectory(folder);
  return mixed;
}

/** The header as a newer binary would have written it. */
function ofNextVersion(header: Uint8Array): Uint8Array {
  const bytes = header.slice();
  const view = new DataView(bytes.buffer);
  view.setUint16(8, view.getUint16(8) + 1);
  view.setUint32(44, crc32(bytes, 0, 44));
  return bytes;
}

/** The last frame as a newer binary would have written it: whole, with a payload that no reader of this version understands. */
function withUnknownPayload(disk: SimulatedDisk, folder: DamagedFile): boolean {
  const newest = newestFile(disk, folder);
  const frame = newest?.frames.at(-1);
  // A file without a frame but `opened` has no payload to rewrite.
  if (newest?.header === undefined || frame?.kind === undefined || frame.kind === 'opened' || frame.length === 0) return false;
  const { kind, sequence, synced, offset, length } = frame;
  const { salt, life } = newest.header;
  const bytes = encodeFrame(kind, sequence, synced, new Uint8Array(length).fill(unknownByte), frameSeed(salt, life));
  disk.damage({ type: 'rewritten', file: newest.file, offset: offset - frameHeaderBytes, bytes });
  return true;
}

/** No value begins with it. */
const unknownByte = 0xff;

function newestFile(disk: SimulatedDisk, folder: DamagedFile): JudgedFile | undefined {
  return filesIn(disk, folder).at(-1);
}

/** The files, the newest last. */
function filesIn(disk: SimulatedDisk, folder: DamagedFile): readonly JudgedFile[] {
  const judged = disk.list(folder).flatMap((name): JudgedFile[] => {
    const named = fileNamed(`${folder}/${name}`);
    return named?.type === 'segment' || named?.type === 'store'
      ? [judgeFile(named.file, named, sourceOf(disk.read(named.file)))]
      : [];
  });
  return judged.sort((a, b) => a.height - b.height || a.life - b.life);
}

/** Damage to the bytes on the disk while the node is down. It comes back to them. False if there was nothing to damage. */
export function damageWhileDown(
  world: World,
  fault: Fault & { readonly node: string },
  acknowledged: Acknowledged | undefined,
): boolean {
  const { node } = fault;
  if (world.isUp(node)) world.die(node, 'power');
  world.schedule(damagedDownMs * 1000, { type: 'restart' }, node);
  const disk = world.disk(node);
  switch (fault.type) {
    case 'bit-flip':
    case 'unreadable':
      return damageFrame(world, node, fault.type, fault.frame, acknowledged, fault);
    case 'lost-tail': {
      const { file = 'wal', bytes } = fault;
      if (file === 'signer' || file === 'app')
        return damageReplaced(disk, file, (name) => ({ type: 'lost-tail', file: name, bytes }));
      const newest = newestFile(disk, file);
      if (newest === undefined) return false;
      disk.damage({ type: 'lost-tail', file: newest.file, bytes });
      if (isUntold(disk, file) && !isToldBySigner(disk, newest, disk.size(newest.file)))
        world.markFaulty(node, 'the end of its log is gone, and nothing durable says that it was there');
      return true;
    }
    case 'missing': {
      const { file: which } = fault;
      if (which === 'signer' || which === 'app') return damageReplaced(disk, which, (name) => ({ type: 'missing', file: name }));
      const newest = newestFile(disk, which);
      if (newest === undefined) return false;
      disk.damage({ type: 'missing', file: newest.file });
      if (isUntold(disk, which) && !isToldBySigner(disk, newest, 0))
        world.markFaulty(node, 'a segment is gone, and nothing durable says that it was there');
      return true;
    }
    case 'downgrade': {
      if (fault.part === 'frame') return withUnknownPayload(disk, fault.file ?? 'wal');
      // If the node died before the header was whole, the file does not say which version wrote it.
      const newest = filesIn(disk, fault.file ?? 'wal').findLast(({ header }) => header !== undefined);
      if (newest === undefined) return false;
      const bytes = ofNextVersion(disk.read(newest.file, 0, segmentHeaderBytes));
      disk.damage({ type: 'rewritten', file: newest.file, offset: 0, bytes });
      return true;
    }
    case 'wipe': {
      if (fault.of === undefined) {
        disk.damage({ type: 'wipe' });
        return true;
      }
      const files = filesOf(disk, fault.of);
      for (const file of files) disk.damage({ type: 'missing', file });
      return files.length > 0;
    }
    default:
      return false;
  }
}

/**
 * Damages the newest file of the signer or of the application. These write a new file each time and never overwrite the old one. If a death left two files of
 * the signer, nothing was sent yet that relies on the newer one.
 */
function damageReplaced(disk: SimulatedDisk, folder: 'signer' | 'app', damage: (file: string) => RestFault): boolean {
  const newest = (folder === 'signer' ? signerFilesOn(disk) : applicationFilesOn(disk)).at(-1);
  if (newest !== undefined) disk.damage(damage(newest));
  return newest !== undefined;
}
