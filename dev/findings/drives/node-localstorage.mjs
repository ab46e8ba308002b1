/** A file for each key, replaced by write-file-atomic. */
import { LocalStorage } from 'node-localstorage';

export function open(folder) {
  const storage = new LocalStorage(`${folder}/storage`);
  return {
    set: (value) => storage.setItem('value', `value ${value}.`),
    get: () => {
      const text = storage.getItem('value');
      return text === null ? undefined : Number(/^value (\d)\.$/.exec(text)[1]);
    },
  };
}
