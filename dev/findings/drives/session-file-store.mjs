/** A file for each session, replaced by write-file-atomic: session s1 says 1, and so on. */
import session from 'express-session';
import sessionFileStore from 'session-file-store';

export function open(folder) {
  const Store = sessionFileStore(session);
  const store = new Store({ path: `${folder}/sessions`, reapInterval: -1, retries: 0, logFn: () => undefined });
  const told = (act) => new Promise((resolve, reject) => act((error, found) => (error ? reject(error) : resolve(found))));
  const find = (value) =>
    told((done) => store.get(`s${value}`, done)).catch((error) => (error.code === 'ENOENT' ? undefined : Promise.reject(error)));
  return {
    set: (value) => told((done) => store.set(`s${value}`, { value, cookie: { maxAge: 60_000 } }, done)),
    get: async () => {
      for (let value = 3; value >= 0; value -= 1) if ((await find(value))?.value === value) return value;
      return undefined;
    },
  };
}
