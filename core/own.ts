/** Looks a name up in a record. Names come from users: one that every object has (`constructor`) is no entry. */

/** The entry of that name; undefined where the record itself has none. */
export function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
