/** A drive: the small program that uses one package. It sets a value, acknowledges it, and looks for it after a restart. */
import { pathToFileURL } from 'node:url';

export interface Drive {
  /** Done when it returns, or when its promise is fulfilled: from then on its caller may rely on it. */
  readonly set: (value: number) => unknown;
  /** The value that is there; undefined if nothing is. Throws if what is there cannot be read. */
  readonly get: () => unknown;
  readonly close?: () => unknown;
}

export type OpenDrive = (folder: string, variant: string | undefined) => Drive | Promise<Drive>;

/** The values that are set and acknowledged, after 0, which is there and durable before. */
export const values: readonly number[] = [1, 2, 3];

export async function loadDrive(scratch: string, name: string): Promise<OpenDrive> {
  const module = (await import(pathToFileURL(`${scratch}/drives/${name}.mjs`).href)) as { readonly open: OpenDrive };
  return module.open;
}

export async function prepareDrive(open: OpenDrive, folder: string, variant: string | undefined): Promise<void> {
  const drive = await open(folder, variant);
  await drive.set(0);
  await drive.close?.();
}

/** Sets values 1 to `last`, and acknowledges each. `holds`: called before it closes. */
export async function workDrive(
  open: OpenDrive,
  folder: string,
  variant: string | undefined,
  acknowledge: (value: number) => void,
  { last, holds }: { readonly last: number; readonly holds: () => Promise<void> } = {
    last: values.length,
    holds: async () => undefined,
  },
): Promise<void> {
  const drive = await open(folder, variant);
  for (const value of values.slice(0, last)) {
    await drive.set(value);
    acknowledge(value);
  }
  await holds();
  await drive.close?.();
}

export async function findByDrive(open: OpenDrive, folder: string, variant: string | undefined): Promise<unknown> {
  const drive = await open(folder, variant);
  const found = await drive.get();
  await drive.close?.();
  return found;
}

/** What was acknowledged is there. */
export function isKept(found: unknown, acknowledged: readonly unknown[]): void {
  const last = Number(acknowledged.at(-1) ?? 0);
  isWhole(found);
  if ((found as number) < last) throw new Error(`it holds ${found}, and ${last} was acknowledged`);
}

/** One of the states that were written is there, be it the newest or not. */
export function isWhole(found: unknown): void {
  if (found === undefined || found === null) throw new Error('it holds nothing, and 0 was there before');
  if (found !== 0 && !values.includes(found as number)) throw new Error(`it holds ${JSON.stringify(found)}`);
}
