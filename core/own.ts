/** Looks up a name in a record. Names come from users, so a name that every object inherits, such as `constructor`, must not be found. */

/** The record's own entry with this name; undefined if it has none. */
export function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
