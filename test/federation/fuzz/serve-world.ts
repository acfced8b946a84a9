/** Serves the fuzzed world twice: by the subgraphs of a federation, and by one schema of its own. */
import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLResolveInfo,
  graphql,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
} from 'graphql';
import type { FederationSubgraph } from '../../support/federation.ts';
import { computedFields, type Inputs } from './computed-fields.ts';
import { applyFault, type Faults } from './faults.ts';
import { loosenLeaves } from './loosen-leaves.ts';
import { subgraphSchemas } from './subgraph-schemas.ts';
import { type Thing, world } from './world.ts';
import { type Arguments, readField } from './world-fields.ts';

/** A thing as a subgraph finds it by a representation. */
interface Referenced extends Thing {
  readonly reference: Inputs;
}

type Resolver = (
  source: Thing | undefined,
  args: Arguments,
  context: unknown,
  info: GraphQLResolveInfo,
) => unknown;

/** Answers an operation as one schema does that holds everything. */
export type Monolith = (source: string, variables: Arguments) => Promise<ExecutionResult>;

export function toMonolith(apiSchemaSdl: string, faults: Faults): Monolith {
  const schema = buildSchema(apiSchemaSdl);
  const fieldResolver = createResolver(faults, (source, requires) =>
    Object.fromEntries(
      requires.map(({ field, args = {}, nested }) => {
        const value = readInput(source, field, args, faults);
        return [field, nested && value ? readNested(value as Thing, nested, faults) : value];
      }),
    ),
  );
  return (source, variableValues) => graphql({ schema, source, variableValues, fieldResolver });
}

export function toSubgraphs(faults: Faults): FederationSubgraph[] {
  const resolver = createResolver(faults, (source) => (source as Referenced).reference);
  return Object.entries(subgraphSchemas).map(([name, sdl]) => {
    const resolvers = typesWithFields(parse(sdl)).map((type) => [
      type.name.value,
      toResolvers(type, resolver),
    ]);
    return { name, sdl, servedSdl: loosenLeaves(sdl), resolvers: Object.fromEntries(resolvers) };
  });
}

function createResolver(
  faults: Faults,
  readInputs: (source: Thing, requires: readonly RequiredInput[]) => Inputs,
): Resolver {
  return (source = { uid: 'root', kind: 'Query', __typename: 'Query' }, args, _context, info) => {
    const { fieldName, parentType, returnType } = info;
    const owner = parentType.name === 'Mutation' ? { ...source, kind: 'Mutation' } : source;
    const fault = faults(owner, fieldName);
    if (fault) return applyFault(fault, returnType);
    const computed = computedFields[owner.kind]?.[fieldName];
    return computed
      ? computed.compute(readInputs(owner, computed.requires), args)
      : readField(owner, fieldName, args);
  };
}

type RequiredInput = (typeof computedFields)[string][string]['requires'][number];

/** What the gateway would send of a field: broken ones are not sent, garbage is. */
function readInput(source: Thing, field: string, args: Arguments, faults: Faults): unknown {
  const fault = faults(source, field);
  if (fault === 'error') throw new Error('A required field is broken.');
  if (fault === 'garbage') return {};
  return fault === 'null' ? null : readField(source, field, args);
}

function readNested(source: Thing, fields: readonly string[], faults: Faults): Inputs {
  return Object.fromEntries(fields.map((field) => [field, readInput(source, field, {}, faults)]));
}

type TypeWithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

function typesWithFields(document: DocumentNode): TypeWithFields[] {
  return document.definitions.filter(
    (definition) =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION,
  );
}

function toResolvers({ kind, fields = [], directives = [] }: TypeWithFields, resolver: Resolver) {
  const own = kind === Kind.OBJECT_TYPE_DEFINITION ? fields : [];
  return {
    ...Object.fromEntries(own.map(({ name }) => [name.value, resolver])),
    ...(directives.some(({ name }) => name.value === 'key') && { __resolveReference: findThing }),
  };
}

function findThing(reference: Inputs): Referenced | null {
  const { id, email, country, code } = reference;
  const things: readonly Thing[] = [
    ...world.users,
    ...world.products,
    ...world.categories,
    ...world.warehouses,
    ...world.reviews,
  ];
  const thing = things.find((candidate) => {
    if (id !== undefined) return candidate.id === id;
    if (email !== undefined) return candidate.email === email;
    if (code !== undefined) return candidate.country === country && candidate.code === code;
    return candidate.slug !== undefined && candidate.slug === reference.slug;
  });
  return thing ? { ...thing, reference } : null;
}
