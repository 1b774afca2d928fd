export type Value = string | number | null;
export type Row = Record<string, Value>;

/** Statements on the storage of one Durable Object. */
export interface Sqlite {
  rows: (query: string, ...values: Value[]) => Row[];
  run: (query: string, ...values: Value[]) => void;
}

export const sqliteOf = ({ sql }: Pick<DurableObjectStorage, "sql">): Sqlite => ({
  rows: (query, ...values) => sql.exec<Row>(query, ...values).toArray(),
  run: (query, ...values) => void sql.exec(query, ...values),
});
