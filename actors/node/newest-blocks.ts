/** The newest blocks of a host, in pages: a block more copies one page, where a thousand blocks were copied for each height. Plain data. */
import type { Block } from './block.ts';

/** Oldest first; each page but the last is full, and none is empty. */
export type NewestBlocks = readonly (readonly Block[])[];

const pageBlocks = 32;

/** `keepBlocks` at least stay, and less than two pages more. */
export function withBlock(blocks: NewestBlocks, block: Block, keepBlocks: number): NewestBlocks {
  const last = blocks.at(-1);
  if (last !== undefined && last.length < pageBlocks) return [...blocks.slice(0, -1), [...last, block]];
  return [...blocks.slice(-Math.ceil(keepBlocks / pageBlocks)), [block]];
}

export function newestBlock(blocks: NewestBlocks): Block | undefined {
  return blocks.at(-1)?.at(-1);
}

/** The lowest height among the `keepBlocks` newest: a page may still hold older ones, which count as pruned. */
export function oldestKept(blocks: NewestBlocks, keepBlocks: number): number | undefined {
  const oldest = blocks[0]?.[0]?.height;
  const newest = newestBlock(blocks)?.height;
  return oldest === undefined || newest === undefined ? undefined : Math.max(oldest, newest - keepBlocks + 1);
}

/** Up to `count` blocks from that height on; none where that height is not there. */
export function blocksFrom(blocks: NewestBlocks, height: number, count: number): readonly Block[] {
  const wanted = blocks
    .filter((page) => (page.at(-1)?.height ?? 0) >= height && (page[0]?.height ?? 0) < height + count)
    .flatMap((page) => page.filter((block) => block.height >= height && block.height < height + count));
  return wanted[0]?.height === height ? wanted : [];
}
