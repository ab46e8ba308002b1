/**
 * Storage: the interface a log needs, and the simulated disk with its faults. Runs in the page.
 *
 * Stays out: real files (`lazurite/wal/files`), and everything that knows what a log is.
 */
export { applyOperation } from './apply-operation.ts';
export { crashImages, formatImage, type ImageList, parseImage } from './crash-image.ts';
export { type DiskFault, type FileSystem, fileSystems, type RestFault } from './faults.ts';
export type { Loss, LostSectors } from './layers.ts';
export { type Pending, sectorBytes } from './pending.ts';
export { SimulatedDisk, type SyncTicket } from './simulated-disk.ts';
export { type Storage, StorageError, type StorageErrorCode } from './storage.ts';
