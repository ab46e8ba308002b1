/** Expectations of a record that are held to be wrong, by the name of the case, each with the reason. There is none today. */
export const knownCases: ReadonlyMap<string, string> = new Map();
