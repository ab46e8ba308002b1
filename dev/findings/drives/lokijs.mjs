/** A database in memory, saved to one file that is written beside it and renamed. */
import Loki from 'lokijs';

export async function open(folder) {
  const db = new Loki(`${folder}/db.json`, { adapter: new Loki.LokiFsAdapter() });
  const told = (act) => new Promise((resolve, reject) => act((error) => (error ? reject(error) : resolve())));
  await told((done) => db.loadDatabase({}, done));
  const found = () => db.getCollection('values')?.findOne({ name: 'one' });
  return {
    set: (value) => {
      const document = found();
      if (document) db.getCollection('values').update({ ...document, value });
      else db.addCollection('values').insert({ name: 'one', value });
      return told((done) => db.saveDatabase(done));
    },
    get: () => found()?.value,
  };
}
