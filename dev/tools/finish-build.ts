/**
 * Does the part of the build that `tsc` does not do. It bundles the page into `dist`, so that the installed command needs no sources. It joins
 * the modules of each entry point into few files, because loading two hundred modules makes the command start more slowly
 * (docs/decisions/0016). It copies the C source that `lazurite record --by fuse` compiles, and makes the command executable.
 */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { bundle } from '../../apps/page/template.ts';

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const built = readdirSync('dist', { recursive: true, encoding: 'utf8' }).map((name) => join('dist', name));
const doors = Object.values(manifest.exports).flatMap((door) => (typeof door === 'string' ? [] : [join(door.default)]));
// Worker threads load these files by name, so each must remain a file.
const units = built.filter((file) => file.endsWith('-unit.js'));

const { metafile } = await build({
  entryPoints: [...doors, ...Object.values(manifest.bin).map((file) => join(file)), ...units],
  outbase: 'dist',
  outdir: 'dist',
  // The shared files are in the folder of the command, because the command finds the shipped files relative to its own folder.
  chunkNames: 'apps/cli/[name]-[hash]',
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
});
const kept = new Set(Object.keys(metafile.outputs));
for (const file of built) if (/\.js(\.map)?$/.test(file) && !kept.has(file)) rmSync(file);

writeFileSync('dist/apps/cli/parts.json', JSON.stringify(await bundle()));
const fileSystem = 'programs/recording/fuse/recording-fs.c';
mkdirSync(join('dist', dirname(fileSystem)), { recursive: true });
copyFileSync(fileSystem, join('dist', fileSystem));
// `npx` in a checkout runs this file directly. npm makes it executable when it links the package, and each build would undo that.
chmodSync('dist/apps/cli/main.js', 0o755);
