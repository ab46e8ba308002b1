/** Settings in one JSON file. */
import nconf from 'nconf';

export function open(folder) {
  const provider = new nconf.Provider();
  provider.file({ file: `${folder}/settings.json` });
  return {
    set: (value) => {
      provider.set('value', value);
      return new Promise((resolve, reject) => provider.save((error) => (error ? reject(error) : resolve())));
    },
    get: () => provider.get('value'),
  };
}
