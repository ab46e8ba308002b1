/** A queue of jobs in SQLite. */
import Database from 'better-sqlite3';
import { better, defineQueue } from 'plainjob';

export function open(folder) {
  const db = new Database(`${folder}/db`);
  const queue = defineQueue({ connection: better(db), logger: { error() {}, warn() {}, info() {}, debug() {} } });
  return {
    set: (value) => void queue.add('value', { value }),
    get: () => {
      const count = queue.countJobs();
      return count === 0 ? undefined : count - 1;
    },
    close: () => queue.close(),
  };
}
