/** A JSON file, rewritten in place. */
import jsonfile from 'jsonfile';

export function open(folder) {
  const file = `${folder}/state.json`;
  return { set: (value) => jsonfile.writeFile(file, { value }), get: async () => (await jsonfile.readFile(file)).value };
}
