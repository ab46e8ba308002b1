/** The newest blocks of a host, as plain data in pages. Adding a block copies one page, and not all blocks. */
import type { Block } from './block.ts';

/** Pages of blocks, oldest first. Each page but the last is full, and none is empty. */
export type NewestBlocks = readonly (readonly Block[])[];

const blocksPerPage = 32;

/** Adds a block and drops old pages. The newest `keepBlocks` blocks stay, and at most 63 more, because only whole pages are dropped. */
export function withBlock(blocks: NewestBlocks, block: Block, keepBlocks: number): NewestBlocks {
  const last = blocks.at(-1);
  if (last !== undefined && last.length < blocksPerPage) return [...blocks.slice(0, -1), [...last, block]];
  const keptPages = Math.ceil(keepBlocks / blocksPerPage);
  return [...blocks.slice(Math.max(0, blocks.length - keptPages)), [block]];
}

export function newestBlock(blocks: NewestBlocks): Block | undefined {
  return blocks.at(-1)?.at(-1);
}

/** The lowest height among the `keepBlocks` newest. Older blocks may still be in the first page; callers must treat them as pruned. */
export function oldestKept(blocks: NewestBlocks, keepBlocks: number): number | undefined {
  const oldest = blocks[0]?.[0]?.height;
  const newest = newestBlock(blocks)?.height;
  return oldest === undefined || newest === undefined ? undefined : Math.max(oldest, newest - keepBlocks + 1);
}

/** Up to `count` blocks from `height` on; none if the block of `height` is not there. */
export function blocksFrom(blocks: NewestBlocks, height: number, count: number): readonly Block[] {
  const wanted = blocks
    .filter((page) => (page.at(-1)?.height ?? 0) >= height && (page[0]?.height ?? 0) < height + count)
    .flatMap((page) => page.filter((block) => block.height >= height && block.height < height + count));
  return wanted[0]?.height === height ? wanted : [];
}
