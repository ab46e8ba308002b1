/** The value of the last whole line of a log of JSON lines. A line that is no JSON, before the last one, is damage. */
export function lastLine(text) {
  const lines = text.split('\n');
  lines.pop();
  const values = lines.map((line) => {
    const value = JSON.parse(line).value ?? JSON.parse(line).message?.value;
    if (typeof value !== 'number') throw new Error(`a line without a value: ${line}`);
    return value;
  });
  for (const [index, value] of values.entries())
    if (value !== index) throw new Error(`the log holds ${values.join(', ')}: one is missing`);
  return values.at(-1);
}
