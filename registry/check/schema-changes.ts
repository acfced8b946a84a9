/** Compares what clients see before and after: each change is Breaking, Dangerous or Safe. */
import { findBreakingChanges, findDangerousChanges, type GraphQLSchema, isEnumType } from 'graphql';
import type { SchemaChange, Severity } from './problem.ts';

export function findSchemaChanges(before: GraphQLSchema, after: GraphQLSchema): SchemaChange[] {
  const judged = (severity: Severity, found: readonly { readonly description: string }[]): SchemaChange[] =>
    found.map(({ description }) => ({
      severity,
      coordinate: toCoordinate(description),
      message: description,
    }));
  const known = coordinatesOf(before);
  const added = [...coordinatesOf(after)].filter((coordinate) => !known.has(coordinate));
  return [
    ...judged('Breaking', findBreakingChanges(before, after)),
    ...judged('Dangerous', findDangerousChanges(before, after)),
    ...added.map(
      (coordinate): SchemaChange => ({ severity: 'Safe', coordinate, message: `${coordinate} was added.` }),
    ),
  ];
}

/** Every type, field and enum value that clients see. */
export function coordinatesOf(schema: GraphQLSchema): ReadonlySet<string> {
  const found = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    found.add(type.name);
    if ('getFields' in type)
      for (const field of Object.keys(type.getFields())) found.add(`${type.name}.${field}`);
    if (isEnumType(type)) for (const { name } of type.getValues()) found.add(`${type.name}.${name}`);
  }
  return found;
}

/** The first name in graphql-js's sentence: `User.name was removed.` */
function toCoordinate(description: string): string {
  return (
    /\b[A-Z_]\w*\.\w+\b/.exec(description)?.[0] ??
    /\b[A-Z]\w+\b/.exec(description.replace(/^[A-Z][a-z]+ /, ''))?.[0] ??
    ''
  );
}
