/**
 * Storage: the interface that a log needs, and the simulated disk with its faults. It also runs in a browser.
 *
 * Storage on real files is in `lazurite/wal/files`. Storage does not know what a log is.
 *
 * @example
 * import { crashImages, formatImage, SimulatedDisk } from './index.ts';
 *
 * const disk = new SimulatedDisk();
 * disk.create('log');
 * disk.syncDirectory('');
 * disk.append('log', Uint8Array.of(1, 2, 3));
 * for (const image of crashImages(disk, { pending: 1 }).images) {
 *   const left = disk.fork();
 *   left.powerLoss(image);
 *   console.log(formatImage(image), left.read('log').length, 'bytes');
 * }
 * // prints none 0 bytes
 * // prints all 3 bytes
 * // prints cut=1 1 bytes
 * // prints cut=2 2 bytes
 */
export { applyOperation } from './apply-operation.ts';
export { crashImages, formatImage, type ImageList, parseImage } from './crash-image.ts';
export { type DiskFault, type FileSystem, fileSystems, type RestFault } from './faults.ts';
export type { Loss, LostSectors } from './layers.ts';
export { type Pending, sectorBytes } from './pending.ts';
export { SimulatedDisk, type SyncTicket } from './simulated-disk.ts';
export { type Storage, StorageError, type StorageErrorCode } from './storage.ts';
