/**
 * Attest slots: with `attest: 'strict'` the node records the last durable frame in a second file, after each flush and before any message leaves. The file
 * has two slots of 512 bytes, at the offsets 0 and 4,096. They are written in turns, so one of them is whole at any time.
 * The file resembles CometBFT's last-sign state, and serves as evidence that a frame was durable.
 */
import type { DiskOperation } from '../core/effects.ts';
import { crc32 } from './crc32.ts';
import type { ByteSource } from './frames.ts';
import { type BootStep, directoryOf } from './writer.ts';

const slotBytes = 512;
const slotDistance = 4096;
const magic = Uint8Array.from('LAZUATT1', (c) => c.charCodeAt(0));

export interface Attestation {
  readonly height: number;
  readonly life: number;
  readonly sequence: number;
  readonly signedHeight: number;
  readonly signedRound: number;
  readonly signedKind: number;
}

/** The file that attests the flushes of a life. */
export function attestFile(life: number): string {
  return `wal/attest.${life}`;
}

/** Writes one of the two slots and syncs the file. */
export function attestSlot(file: string, slot: number, attestation: Attestation): readonly DiskOperation[] {
  const offset = (slot % 2) * slotDistance;
  return [
    { type: 'writeAt', file, offset, bytes: encodeSlot(attestation) },
    { type: 'sync', file },
  ];
}

/** Plans the creation of this boot's attest file: both slots, the sync of the file and of its name. */
export function attestBirth(file: string, attestation: Attestation): readonly BootStep[] {
  const bytes = encodeSlot(attestation);
  const site = 'wal.attest';
  return [
    { site, operation: { type: 'create', file } },
    { site, operation: { type: 'writeAt', file, offset: 0, bytes } },
    { site, operation: { type: 'writeAt', file, offset: slotDistance, bytes } },
    { site, operation: { type: 'sync', file } },
    { site, operation: { type: 'syncDirectory', directory: directoryOf(file) } },
  ];
}

/** The whole slot with the higher sequence; undefined when none is whole. */
export function readAttestation(source: ByteSource, life: number): Attestation | undefined {
  const slots = [0, slotDistance].map((offset) => decodeSlot(source.read(offset, slotBytes)));
  const whole = slots.filter((slot) => slot !== undefined && slot.life === life);
  return whole.sort((a, b) => (b?.sequence ?? 0) - (a?.sequence ?? 0))[0];
}

function encodeSlot({ height, life, sequence, signedHeight, signedRound, signedKind }: Attestation): Uint8Array {
  const bytes = new Uint8Array(slotBytes);
  bytes.set(magic);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(8, BigInt(height));
  view.setBigUint64(16, BigInt(sequence));
  view.setUint32(24, life);
  view.setBigUint64(28, BigInt(signedHeight));
  view.setUint32(36, signedRound);
  view.setUint32(40, signedKind);
  view.setUint32(44, crc32(bytes, 0, 44));
  return bytes;
}

function decodeSlot(bytes: Uint8Array): Attestation | undefined {
  if (bytes.length < 48 || magic.some((byte, index) => bytes[index] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(44) !== crc32(bytes, 0, 44)) return undefined;
  return {
    height: Number(view.getBigUint64(8)),
    sequence: Number(view.getBigUint64(16)),
    life: view.getUint32(24),
    signedHeight: Number(view.getBigUint64(28)),
    signedRound: view.getUint32(36),
    signedKind: view.getUint32(40),
  };
}
