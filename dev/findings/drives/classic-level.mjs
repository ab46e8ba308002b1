/** LevelDB; `sync` syncs each write. */
import { ClassicLevel } from 'classic-level';

export async function open(folder, variant) {
  const db = new ClassicLevel(`${folder}/level`, { valueEncoding: 'json' });
  await db.open();
  return {
    set: (value) => db.put('value', value, { sync: variant === 'sync' }),
    get: () => db.get('value'),
    close: () => db.close(),
  };
}
