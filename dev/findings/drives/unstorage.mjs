/** The storage of Nitro and Nuxt on a folder: a file for each key. */
import { createStorage } from 'unstorage';
import driver from 'unstorage/drivers/fs-lite';

export function open(folder) {
  const storage = createStorage({ driver: driver({ base: `${folder}/storage` }) });
  return { set: (value) => storage.setItem('value', { value }), get: async () => (await storage.getItem('value'))?.value };
}
