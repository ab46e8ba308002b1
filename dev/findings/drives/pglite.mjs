/** PostgreSQL in WebAssembly over node:fs, as it is. */
import { PGlite } from '@electric-sql/pglite';

export async function open(folder) {
  const db = await PGlite.create(`${folder}/pg`);
  await db.exec('create table if not exists t (id int primary key, value int)');
  return {
    set: (value) => db.query('insert into t values (1, $1) on conflict (id) do update set value = $1', [value]),
    get: async () => (await db.query('select value from t where id = 1')).rows[0]?.value,
    close: () => db.close(),
  };
}
