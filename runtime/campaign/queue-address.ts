/** The address of a queue: `redis://user:password@host:port/database`, or `rediss://` for TLS. The password is never shown. */
import { ScenarioError } from '../../scenarios/index.ts';

export interface QueueAddress {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  readonly isEncrypted: boolean;
  /** For people: without name and password. */
  readonly shown: string;
}

const defaultPort = 6379;
const expected = 'give an address such as redis://127.0.0.1:6379, or rediss://:PASSWORD@HOST:PORT/0 for one with TLS';

/** `password`: that of the environment; it counts where the address has none. Throws `ScenarioError`, which does not repeat the address. */
export function queueAddress(text: string, password?: string): QueueAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ScenarioError(`--queue: this is no address; ${expected}`);
  }
  const { protocol, hostname, port, pathname, search, hash } = url;
  if (protocol !== 'redis:' && protocol !== 'rediss:')
    throw new ScenarioError(`--queue: '${protocol}' is not known; ${expected}`);
  if (hostname === '') throw new ScenarioError(`--queue: the host is missing; ${expected}`);
  if (search !== '' || hash !== '')
    throw new ScenarioError(
      `--queue: nothing may follow the number of the database; write '?' and '#' in a password as %3F and %23`,
    );
  const [, database = '0'] = /^\/(\d{1,4})$/.exec(pathname) ?? [];
  if (pathname !== '' && pathname !== '/' && pathname !== `/${database}`)
    throw new ScenarioError(`--queue: after the host comes the number of a database, such as /0; ${expected}`);
  const given = decoded(url.password);
  return {
    // An address of IPv6 is in brackets.
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? defaultPort : Number(port),
    username: url.username === '' ? undefined : decoded(url.username),
    password: given === '' ? password : given,
    database: Number(database),
    isEncrypted: protocol === 'rediss:',
    shown: `${protocol}//${hostname}:${port === '' ? defaultPort : port}/${database}`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ScenarioError(`--queue: '%' in a name or password is written as %25`);
  }
}
