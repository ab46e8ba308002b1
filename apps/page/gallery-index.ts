/** The first page of the gallery: cards with a picture, a sentence and how long it takes. One file without a script. */
import { createHash } from 'node:crypto';

export interface Card {
  readonly file: string;
  readonly title: string;
  readonly sentence: string;
  /** How long it takes, in words. */
  readonly length: string;
  /** An SVG of our own. */
  readonly picture: string;
}

export interface Cards {
  readonly lessons: readonly Card[];
  readonly scenarios: readonly Card[];
  readonly museum: readonly Card[];
}

const style = `
:root{color-scheme:light dark;--paper:#f3f5f9;--panel:#fff;--ink:#141b2b;--dim:#4d586d;--line:#c5cddb;--blue:#1550b0;--red:#b0221f;--amber:#c98a1b}
@media (prefers-color-scheme:dark){:root{--paper:#0f1420;--panel:#171e2e;--ink:#eef2fa;--dim:#a3b0c8;--line:#33405e;--blue:#7fb2ff;--red:#ff8a86;--amber:#ffcb7a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 Inter,system-ui,"DejaVu Sans",sans-serif}
main,header{max-width:84rem;margin:auto;padding:1.5rem}
header{padding-top:3rem}
h1{font-size:2.6rem;line-height:1.1;margin:0 0 .6rem}
header p{font-size:1.2rem;max-width:44rem;margin:0;color:var(--dim)}
h2{font-size:1.5rem;margin:1.5rem 0 .2rem}
section>p{color:var(--dim);margin:0 0 1rem}
ul{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr));gap:1rem}
a{display:grid;grid-template-rows:auto 1fr auto;gap:.4rem;height:100%;color:inherit;text-decoration:none;background:var(--panel);border:1px solid var(--line);border-radius:.9rem;padding:1rem}
a:hover,a:focus-visible{border-color:var(--blue);outline:2px solid var(--blue)}
a b{font-size:1.1rem;line-height:1.3}
a small{color:var(--dim);font-size:.875rem}
svg{width:100%;border-radius:.5rem;background:var(--paper)}
.lane{stroke:var(--line);stroke-width:2;fill:none}
.wire{stroke:var(--blue);stroke-width:1;opacity:.45;fill:none}
.down{stroke:var(--red);stroke-width:7;fill:none}
.broken{stroke:var(--amber);stroke-width:3;fill:none}
.key{font-size:.875rem;color:var(--dim)}
.key svg{width:2rem;height:.9rem;vertical-align:middle;background:none}`;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function firstPage({ lessons, scenarios, museum }: Cards): string {
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lazurite: what a log is for</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>What a log is for</h1>
<p>Nodes agree on values, die at the worst moment, and come back from what they wrote down. Watch them keep their word, and see what breaks when one rule is missing.</p>
</header>
<main>
${section('The course', 'Start here. Each lesson is a story on a stage, a question, a rule, and something to do by hand.', lessons)}
${section('The library', 'Every scenario that ships, with its broken variants beside it.', scenarios)}
${section('The museum', 'Broken nodes. Each is an honest one with a single part replaced, and each bug was met in the world.', museum)}
<p class="key">In the pictures: ${sign('lane')} a node, ${sign('wire')} a message, ${sign('down')} a node that is down, ${sign('broken')} something was broken.</p>
</main>
</body>
</html>
`;
}

const sign = (kind: string): string => `<svg viewBox="0 0 32 14" aria-hidden="true"><path class="${kind}" d="M2 7H30"/></svg>`;

function section(title: string, words: string, cards: readonly Card[]): string {
  const items = cards.map(
    ({ file, title: name, sentence, length, picture }) =>
      `<li><a href="${escaped(file)}">${picture}<span><b>${escaped(name)}</b><br>${escaped(sentence)}</span><small>${escaped(length)}</small></a></li>`,
  );
  return `<section><h2>${title}</h2><p>${words}</p><ul>${items.join('')}</ul></section>`;
}
