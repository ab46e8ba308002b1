/**
 * A node in any language. The program reads inputs from stdin and writes effects to stdout (docs/formats/stdio-node.md). Clock, network and disk are simulated.
 *
 * `checkNode` kills the program at every crash point. It also checks that equal inputs lead to equal effects.
 *
 * @example
 * import { checkNode } from './index.ts';
 *
 * // A program that answers every input with no effect. It decides nothing, so nothing is tested.
 * const { verdict } = checkNode({ open: () => ({ ask: () => '{"effects":[]}', end: () => {} }) });
 * console.log(verdict);
 * // prints untested
 */
export { checkNode, type NodeReport } from './check-node.ts';
export { startProgram } from './line-program.ts';
export { nodeProperties } from './node-properties.ts';
export { answerJsonSchema } from './wire-format.ts';
