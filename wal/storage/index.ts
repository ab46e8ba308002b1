/**
 * Storage: the interface that a log needs, and the simulated disk with its faults. It also runs in a browser.
 *
 * Storage on real files is in `lazurite/wal/files`. Storage does not know what a log is.
 */
export { applyOperation } from './apply-operation.ts';
export { crashImages, formatImage, type ImageList, parseImage } from './crash-image.ts';
export { type DiskFault, type FileSystem, fileSystems, type RestFault } from './faults.ts';
export type { Loss, LostSectors } from './layers.ts';
export { type Pending, sectorBytes } from './pending.ts';
export { SimulatedDisk, type SyncTicket } from './simulated-disk.ts';
export { type Storage, StorageError, type StorageErrorCode } from './storage.ts';
