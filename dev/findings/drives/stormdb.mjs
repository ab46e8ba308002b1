/** One JSON file, rewritten in place. */
import StormDB from 'stormdb';

export function open(folder) {
  const db = new StormDB(new StormDB.localFileEngine(`${folder}/db.stormdb`));
  return { set: (value) => db.get('value').set(value).save(), get: () => db.get('value').value() };
}
