/** Looks at names and descriptions of one subgraph. What it finds is advice, and refuses nothing. */
import { GraphQLError, Kind, parse } from 'graphql';
import type { LintFinding } from './problem.ts';

const maxFindings = 100;

export function lintSubgraph(sdl: string): LintFinding[] {
  const findings: LintFinding[] = [];
  const expect = (holds: boolean, rule: LintFinding['rule'], coordinate: string, message: string): void => {
    if (!holds && findings.length < maxFindings) findings.push({ rule, coordinate, message });
  };
  for (const definition of parseOrNothing(sdl)) {
    if (!('name' in definition) || !definition.name || definition.kind === Kind.DIRECTIVE_DEFINITION)
      continue;
    const type = definition.name.value;
    expect(/^[A-Z][A-Za-z0-9]*$/.test(type), 'TYPE_NAME', type, 'A type is named in PascalCase.');
    const isRoot = ['Query', 'Mutation', 'Subscription'].includes(type);
    if ('description' in definition && !isRoot)
      expect(definition.description !== undefined, 'DESCRIPTION', type, 'A type says what it is.');
    if ('fields' in definition)
      for (const field of definition.fields ?? []) {
        const coordinate = `${type}.${field.name.value}`;
        expect(
          /^[a-z][A-Za-z0-9]*$/.test(field.name.value),
          'FIELD_NAME',
          coordinate,
          'A field is named in camelCase.',
        );
        if (isRoot)
          expect(
            field.description !== undefined,
            'DESCRIPTION',
            coordinate,
            'A root field says what it does.',
          );
      }
    if ('values' in definition)
      for (const value of definition.values ?? [])
        expect(
          /^[A-Z][A-Z0-9_]*$/.test(value.name.value),
          'ENUM_VALUE_NAME',
          `${type}.${value.name.value}`,
          'An enum value is named in CAPITALS_WITH_UNDERSCORES.',
        );
  }
  return findings;
}

function parseOrNothing(sdl: string) {
  try {
    return parse(sdl, { noLocation: true }).definitions;
  } catch (error) {
    if (error instanceof GraphQLError) return [];
    throw error;
  }
}
