/**
 * The page without its data: interface, style and engine, bundled once. It holds data and engine as compressed text, so that nothing a run
 * holds can end a script, and the content security policy names the only script and the only style by their hashes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { xml } from '../output/escape.ts';

export interface Parts {
  readonly script: string;
  readonly style: string;
  readonly engine: string;
}

const sources = new URL('./', import.meta.url);
const pathOf = (name: string): string => fileURLToPath(new URL(name, sources));

/** Bundles the page from the sources; the package ships what this makes. */
export async function bundle(): Promise<Parts> {
  const { build } = await import('esbuild');
  const common = { bundle: true, write: false as const, minify: true, target: 'es2022', logLevel: 'silent' as const };
  const [page, engine, style] = await Promise.all([
    build({ ...common, entryPoints: [pathOf('interface/main.tsx')], format: 'esm', jsx: 'automatic', jsxImportSource: 'preact' }),
    build({ ...common, entryPoints: [pathOf('record/engine.ts')], format: 'iife', platform: 'browser' }),
    build({ ...common, entryPoints: [pathOf('interface/style.css')] }),
  ]);
  const textOf = ({ outputFiles }: { readonly outputFiles: readonly { readonly text: string }[] }): string =>
    outputFiles.map(({ text }) => text).join('');
  return { script: textOf(page), engine: textOf(engine), style: textOf(style) };
}

/** The bundled parts: those that ship beside the command, or made now where only sources are. */
export async function parts(): Promise<Parts> {
  const shipped = pathOf('parts.json');
  return existsSync(shipped) ? (JSON.parse(readFileSync(shipped, 'utf8')) as Parts) : bundle();
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const packed = (text: string): string => gzipSync(text, { level: 9 }).toString('base64');

/** One HTML file: works from the disk, and loads nothing. */
export function html({ script, style, engine }: Parts, title: string, data: object): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'worker-src blob:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${xml(title)} · Lazurite</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This page runs a simulation and needs JavaScript; nothing is loaded from anywhere.</noscript>
<script type="application/octet-stream" id="data">${packed(JSON.stringify(data))}</script>
<script type="application/octet-stream" id="engine">${packed(engine)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}
