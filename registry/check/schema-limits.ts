/** Refuses a schema that is too large to be looked at, before anything parses it as a whole. */
import { GraphQLError, Kind, parse, visit } from 'graphql';
import { isNestedDeeper } from '../../gateway/operation/check-source.ts';
import { RegistryError } from '../errors.ts';

const maxBytes = 1_048_576;
const maxTokens = 200_000;
const maxNesting = 64;
/** At one place: composition takes time quadratic in their number. */
const maxDirectives = 50;

/** @throws SCHEMA_TOO_LARGE naming the limit; what is no GraphQL passes, for composition to say where it is wrong */
export function checkSchemaLimits(sdl: string): void {
  if (Buffer.byteLength(sdl) > maxBytes) refuse(`has more than ${maxBytes} bytes`);
  if (isNestedDeeper(sdl, maxNesting)) refuse(`is nested more than ${maxNesting} levels deep`);
  const document = tryParse(sdl);
  if (!document) return;
  visit(document, {
    enter(node) {
      if ('directives' in node && (node.directives?.length ?? 0) > maxDirectives)
        refuse(`has more than ${maxDirectives} directives at one place`);
      if (node.kind === Kind.STRING && isNestedDeeper(node.value, maxNesting))
        refuse(`has a text nested more than ${maxNesting} levels deep`);
    },
  });
}

function tryParse(sdl: string) {
  try {
    return parse(sdl, { maxTokens, noLocation: true });
  } catch (error) {
    if (error instanceof GraphQLError && error.message.includes('Document contains more'))
      refuse(`has more than ${maxTokens} tokens`);
    return undefined;
  }
}

function refuse(what: string): never {
  throw new RegistryError('SCHEMA_TOO_LARGE', `The schema ${what}.`);
}
