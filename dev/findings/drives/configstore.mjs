/** One JSON file, replaced by atomically. */
import Configstore from 'configstore';

export function open(folder) {
  const store = new Configstore('drive', {}, { configPath: `${folder}/config.json`, clearInvalidConfig: false });
  return { set: (value) => store.set('value', value), get: () => store.get('value') };
}
