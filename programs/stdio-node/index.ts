/** A node in any language: a program on stdin and stdout under a simulated clock, wire and disk. */
export { checkNode, type NodeReport } from './check-node.ts';
export { startProgram } from './line-program.ts';
export { nodeProperties } from './node-properties.ts';
export { answerJsonSchema } from './wire-format.ts';
