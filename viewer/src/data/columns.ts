/** Rows and columns: how the page is sent what there are thousands of. */

/** A value of some type as the values of its fields, in their order. */
export type Row<T> = readonly unknown[] & { readonly of?: T };

/** A field of many values; one of few different values as these, and which of them it is where. */
type Column = readonly unknown[] | { readonly of: readonly unknown[]; readonly at: readonly number[] };

/** Values as columns of their fields, by the name of their type. */
export type Columns<T> = Readonly<Record<string, readonly Column[]>> & { readonly type?: T };

/** Columns of one type, spelled out. */
export type Table<T> = readonly (readonly unknown[])[] & { readonly of?: T };

type Reader = (table: never, at: number) => unknown;

/** The rows in a field. */
export const each = <T>(rows: unknown, read: (row: Row<T>) => T): (T | null)[] =>
  (rows as (Row<T> | null)[]).map((row) => row && read(row));

/** All values in some columns; those of several types stand at their index. */
export function readColumns<T>(columns: Columns<T>, readers: Readonly<Record<string, Reader>>): T[] {
  const parts = Object.entries(columns as Readonly<Record<string, readonly Column[]>>).map(([type, fields]) => [readers[type], fields.map(spelledOut)] as const);
  const found = new Array<T>(parts.reduce((sum, [, table]) => sum + count(table), 0));
  for (const [read, table] of parts) {
    for (let at = 0; at < count(table); at++) {
      const made = read!(table as never, at) as T & { readonly index?: number };
      found[made.index ?? at] = made;
    }
  }
  return found;
}

const count = (table: Table<unknown>): number => table[0]?.length ?? 0;

const spelledOut = (column: Column): readonly unknown[] =>
  "of" in column ? column.at.map((place) => column.of[place]) : column;
