/** Rows: data of which there is a lot travels without the names of its fields. */
import { KINDS, ROWS, type EventData, type Row, type Rows } from "./wire.ts";

type Named = keyof typeof ROWS;
interface Field {
  readonly name: string;
  readonly rows: Named | undefined; // of what it is a list of rows
}

const fields = Object.fromEntries(
  Object.entries(ROWS).map(([type, text]) => [type, text.split(" ").map((field) => {
    const [name = "", rows] = field.split(":");
    return { name, rows: rows as Named | undefined };
  })]),
) as unknown as Record<Named, readonly Field[]>;
const KIND = fields.OpData.findIndex(({ name }) => name === "kind"); // the heads of all events are alike

/** A row with the names of its fields; what is null in it is not there. */
export function named<K extends keyof Rows>(type: K, row: Row<Rows[K]>): Rows[K] {
  const found: Record<string, unknown> = {};
  fields[type].forEach(({ name, rows }, place) => {
    const value = row[place] ?? undefined;
    found[name] = rows && value ? (value as (Row<never> | null)[]).map((inner) => inner && named(rows, inner)) : value;
  });
  return found as unknown as Rows[K];
}

export function event(row: Row<EventData>): EventData {
  return named(KINDS[row[KIND] as keyof typeof KINDS], row);
}
