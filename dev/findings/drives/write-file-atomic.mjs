/** A file written beside its place, synced and renamed. `folder` also syncs the folder, as a caller may. */
import { readFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';

export function open(folder, variant) {
  const file = `${folder}/state`;
  const syncFolder = async () => {
    const handle = await openFile(folder);
    await handle.sync();
    await handle.close();
  };
  return {
    set: async (value) => {
      await writeFileAtomic(file, `value ${value}.`);
      if (variant === 'folder synced') await syncFolder();
    },
    get: () => Number(/^value (\d)\.$/.exec(readFileSync(file, 'utf8'))[1]),
  };
}
