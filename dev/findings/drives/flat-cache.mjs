/** A cache in one file. */
import { FlatCache } from 'flat-cache';

export function open(folder) {
  const cache = new FlatCache({ cacheDir: folder, cacheId: 'cache' });
  cache.load();
  return {
    set: (value) => {
      cache.setKey('value', value);
      cache.save(true);
    },
    get: () => cache.getKey('value'),
  };
}
