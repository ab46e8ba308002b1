/**
 * `npm run licences`: the licences of all packages in package-lock.json, by name: those that users install, and those of development. Exit 1 where one
 * that users install has a licence that asks more than to be named, or none.
 */
import { readFileSync } from 'node:fs';

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/** They ask to be named and no more. */
const permissive = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
];

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const all = Object.entries(packages).filter(([path]) => path !== '');

/** The licence of one package. Some packages name it only in a file of their own. */
function licenceOf(path: string, { license }: Locked): string {
  if (license !== undefined) return license;
  try {
    const own = JSON.parse(readFileSync(`${path}/package.json`, 'utf8')) as {
      readonly license?: unknown;
      readonly licenses?: unknown;
    };
    return typeof own.license === 'string' ? own.license : own.licenses === undefined ? 'none' : JSON.stringify(own.licenses);
  } catch {
    return 'none';
  }
}

/** One licence of a choice is enough. */
function isPermissive(licence: string): boolean {
  return licence
    .replace(/^\(|\)$/g, '')
    .split(' OR ')
    .some((one) => permissive.includes(one));
}

let wrong = 0;
for (const [who, chosen] of [
  ['users install', all.filter(([, { dev }]) => dev !== true)],
  ['development', all.filter(([, { dev }]) => dev === true)],
] as const) {
  const byLicence = new Map<string, string[]>();
  for (const [path, locked] of chosen) {
    const licence = licenceOf(path, locked);
    const name = `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${locked.version ?? '?'}`;
    byLicence.set(licence, [...(byLicence.get(licence) ?? []), name]);
  }
  process.stdout.write(`${who}: ${chosen.length} packages\n`);
  for (const [licence, names] of [...byLicence].sort(([a], [b]) => (a < b ? -1 : 1))) {
    process.stdout.write(
      `  ${licence.padEnd(24)} ${String(names.length).padStart(4)}  ${names.length > 6 ? '' : names.join(', ')}\n`,
    );
    if (who !== 'users install' || isPermissive(licence)) continue;
    wrong += names.length;
    process.stdout.write(`  ^ asks more than to be named: ${names.join(', ')}\n`);
  }
}
process.exitCode = wrong > 0 ? 1 : 0;
