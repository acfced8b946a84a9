/** Describes a table twice, as the code declares it and as the database has it, so that a test can compare the two. */
import { sql } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../../subgraphs/shared/database.ts';

export interface TableDescription {
  /** Column name to type, with collation and nullability. */
  readonly columns: Record<string, string>;
  readonly primaryKey: readonly string[];
  /** Column and the table it points to. */
  readonly foreignKeys: readonly string[];
  readonly checks: readonly string[];
  /** Names; unique ones say so. */
  readonly indexes: readonly string[];
}

export function declaredTable(table: PgTable): TableDescription {
  const config = getTableConfig(table);
  const inline = config.columns.filter((column) => column.primary).map((column) => column.name);
  const combined = config.primaryKeys.flatMap((key) => key.columns.map((column) => column.name));
  return {
    columns: Object.fromEntries(
      config.columns.map((column) => [column.name, toColumn(column.getSQLType(), column.notNull)]),
    ),
    primaryKey: [...inline, ...combined],
    foreignKeys: config.foreignKeys
      .map((key) => {
        const { columns, foreignTable } = key.reference();
        return `${columns.map((column) => column.name)} -> ${getTableConfig(foreignTable).name}`;
      })
      .toSorted(),
    checks: config.checks.map((check) => check.name).toSorted(),
    indexes: config.indexes.map((index) => toIndex(index.config.name ?? '', index.config.unique)).toSorted(),
  };
}

export async function createdTable(database: Database, table: PgTable): Promise<TableDescription> {
  const { schema, name } = getTableConfig(table);
  const relation = sql`${`"${schema}"."${name}"`}::regclass`;
  const read = async <Row>(statement: ReturnType<typeof sql>): Promise<Row[]> =>
    ((await database.execute(statement)) as unknown as { rows: Row[] }).rows;

  const columns = await read<{ name: string; type: string; collation: string; required: boolean }>(sql`
    select attname as name, format_type(atttypid, atttypmod) as type, collname as collation, attnotnull as required
    from pg_attribute left join pg_collation on pg_collation.oid = attcollation and collname <> 'default'
    where attrelid = ${relation} and attnum > 0 and not attisdropped order by attnum`);
  const constraints = await read<{ kind: string; name: string; columns: string[]; target: string }>(sql`
    select contype as kind, conname as name, pg_class.relname as target,
      array(select attname::text from unnest(conkey) with ordinality as key (number, position)
        join pg_attribute on attrelid = conrelid and attnum = key.number order by position) as columns
    from pg_constraint left join pg_class on pg_class.oid = confrelid
    where conrelid = ${relation} and contype in ('p', 'f', 'c') order by conname`);
  const indexes = await read<{ name: string; unique: boolean }>(sql`
    select relname as name, indisunique as unique from pg_index join pg_class on pg_class.oid = indexrelid
    where indrelid = ${relation} and not indisprimary order by relname`);

  const ofKind = (kind: string) => constraints.filter((constraint) => constraint.kind === kind);
  return {
    columns: Object.fromEntries(
      columns.map(({ name, type, collation, required }) => [
        name,
        toColumn(collation ? `${type} COLLATE "${collation}"` : type, required),
      ]),
    ),
    primaryKey: ofKind('p').flatMap((key) => key.columns),
    foreignKeys: ofKind('f')
      .map((key) => `${key.columns} -> ${key.target}`)
      .toSorted(),
    checks: ofKind('c').map((check) => check.name),
    indexes: indexes.map((index) => toIndex(index.name, index.unique)).toSorted(),
  };
}

function toColumn(type: string, required: boolean): string {
  return `${type.replace('timestamp (', 'timestamp(')}${required ? ' not null' : ''}`;
}

function toIndex(name: string, unique: boolean | undefined): string {
  return unique ? `unique ${name}` : name;
}
