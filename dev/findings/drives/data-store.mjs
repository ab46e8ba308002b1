/** One JSON file, rewritten in place. */
import { Store } from 'data-store';

export function open(folder) {
  const store = new Store('drive', { path: `${folder}/store.json`, debounce: 0 });
  return {
    set: (value) => {
      store.set('value', value);
      store.save();
    },
    get: () => store.get('value'),
  };
}
