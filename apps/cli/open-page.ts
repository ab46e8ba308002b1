/** A page that is opened by the system's own way, and where it is written. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ScenarioError } from '../../scenarios/index.ts';
import { tryToWrite } from '../output/write-whole.ts';

/** A file in a new folder of the system's own. */
export function ownFolder(name: string): string {
  return join(mkdtempSync(join(tmpdir(), 'lazurite-')), name);
}

/** Before the work. Throws `ScenarioError` if the file must or can not be written. */
export function refuseTaken(file: string, { force }: { readonly force?: boolean }): void {
  if (existsSync(file) && force !== true) throw new ScenarioError(`${file} exists; give another name, or --force`);
  tryToWrite(file);
}

/** If there is no way to open it, the address is printed. */
export function openPage(file: string, link: string, print: (text: string) => void): void {
  const address = `file://${resolve(file)}${link}`;
  const command = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  const child = spawn(command, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => print(`open ${address}`));
  child.unref();
}
