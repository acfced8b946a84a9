/** Small documents that planners spell out into large ones: nested fragments on an interface of many types. */

export interface BombShape {
  /** Fragments, each spread by the one before it for every type. */
  readonly levels: number;
  readonly types: number;
}

export const bombShapes: readonly BombShape[] = [
  { levels: 4, types: 6 },
  { levels: 3, types: 12 },
  { levels: 2, types: 40 },
];

/** A subgraph with an interface for each shape. */
export const bombSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { hello: String  ${bombShapes.map(({ types }) => `node${types}: Node${types}`).join('  ')} }
  ${bombShapes.map(toInterface).join('\n')}
`;

/** @param number makes of one shape documents that differ, so that none is remembered for another */
export function toBomb({ levels, types }: BombShape, number = 0): string {
  const fragments = Array.from({ length: levels }, (_, level) => {
    const inner = level + 1 < levels ? `...F${level + 1}` : 'id name';
    const branches = forEachType(types, (type) => `... on ${type} { child { ${inner} } }`);
    return `fragment F${level} on Node${types} { ${branches} }`;
  });
  return [`query Bomb${number} { node${types} { ...F0 } }`, ...fragments].join('\n');
}

function toInterface({ types }: BombShape): string {
  const fields = `{ id: ID!  child: Node${types}  name: String }`;
  return `interface Node${types} ${fields}\n${forEachType(
    types,
    (type) => `type ${type} implements Node${types} @key(fields: "id") ${fields}`,
  )}`;
}

function forEachType(types: number, write: (type: string) => string): string {
  return Array.from({ length: types }, (_, index) => write(`T${types}x${index}`)).join(' ');
}
