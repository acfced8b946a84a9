import { buildSchema, getOperationAST, getVariableValues, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { type Authorize, createAuthorize } from '../../../gateway/access/authorize.ts';
import { compileAccessRules } from '../../../gateway/access/create-access.ts';
import type { RuleTree } from '../../../gateway/access/policy.ts';
import { argumentIsOwn, atLeast, hasPermission } from '../../../gateway/access/ready-rules.ts';
import { allow, and, or, rule, type ShieldRule } from '../../../gateway/access/shield.ts';
import { createPricing } from '../../../gateway/demand/pricing.ts';
import { analyseOperation } from '../../../gateway/operation/analyse.ts';
import { grantsOf, type Principal, type Roles } from '../../../gateway/principal.ts';

const roles: Roles = {
  USER: { level: 1, permissions: [] },
  ADMIN: { level: 3, permissions: ['order:write'] },
};
const sdl = `
  type Query { order(id: ID!): Order  orders(of: ID): [Order]  me: Int }
  type Order { id: ID!  note: String }
`;
const pricing = createPricing({ weights: new Map(), listSizes: new Map() }, 10);

function authorizing(rules: RuleTree, schemaSdl = sdl, known = roles): (source: string) => Ask {
  const schema = buildSchema(schemaSdl);
  const policy = { rules, roles: known, permissions: {}, policies: {} };
  const authorize: Authorize = createAuthorize({
    ...{ schema, roles: known, denied: 'refuse', ruleTimeoutMs: 5, maxFiltered: 10, introspectionLevel: 0 },
    rules: compileAccessRules({ supergraph: parse(schemaSdl), schema, policy }),
  });
  return (source) => {
    const document = parse(source);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('No operation.');
    const asked = { document, source, documentHash: source, operation };
    const analysis = analyseOperation(schema, pricing, document, operation);
    return (principal, given = {}) => {
      const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
      return authorize(asked, analysis, coerced, principal);
    };
  };
}

type Ask = (principal: Principal, variables?: Record<string, unknown>) => ReturnType<Authorize>;

function person(names: readonly string[], known = roles): Principal {
  return {
    kind: 'user',
    userId: 'u1',
    roles: names,
    sessionId: 's',
    loggedInAt: 0,
    appId: 'wx1',
    ...grantsOf(known, names),
  };
}

describe('what roles alone decide', () => {
  const ask = authorizing({
    Query: { '*': allow, me: or(atLeast('ADMIN'), hasPermission('order:write')) },
    Order: atLeast('USER'),
  })('{ me order(id: "1") { id } }');

  test('is decided at once', () => {
    expect(ask(person(['ADMIN']))).not.toBeInstanceOf(Promise);
    expect(() => ask(person(['USER']))).toThrow('You may not run this operation.');
  });

  test('leaves only the rest of a rule to be asked', () => {
    const asked: unknown[] = [];
    const notes = rule('notes')((_parent, args) => {
      asked.push(args);
      return true;
    });
    const askOrder = authorizing({ Query: { order: or(atLeast('ADMIN'), notes) }, Order: allow })(
      '{ order(id: "1") { id } }',
    );
    expect(askOrder(person(['ADMIN']))).not.toBeInstanceOf(Promise);
    expect(asked).toEqual([]);
    expect(askOrder(person(['USER']))).toBeInstanceOf(Promise);
    expect(asked).toEqual([{ id: '1' }]);
  });
});

describe('a rule as code', () => {
  const source =
    '{ a: order(id: "1") { id } b: order(id: "1") { note } c: order(id: "2") { id } orders { note } }';

  test('is asked once for each place and arguments', async () => {
    const asked: string[] = [];
    const counted = rule('counted')((_parent, args, _context, { coordinate }) => {
      asked.push(`${coordinate} ${JSON.stringify(args)}`);
      return true;
    });
    await authorizing({ Query: { order: counted, orders: counted }, Order: allow })(source)(person(['USER']));
    expect(asked.sort()).toEqual(['Query.order {"id":"1"}', 'Query.order {"id":"2"}', 'Query.orders {}']);
  });

  test('that says it is contextual is asked once for the request', async () => {
    let count = 0;
    const counted = rule('counted', { cache: 'contextual' })(() => {
      count += 1;
      return true;
    });
    const policy = { Query: { order: counted, orders: and(counted, allow) }, Order: counted };
    await authorizing(policy)(source)(person(['USER']));
    expect(count).toBe(1);
  });

  test.each([
    [
      'says it is contextual and reads an argument',
      rule('wrong', { cache: 'contextual' })((_parent, { id }) => id === undefined),
    ],
    ['takes longer than a rule may', rule('slow')(() => new Promise<boolean>(() => {}))],
    ['throws', rule('fails')(() => Promise.reject(new Error('away')))],
  ])('that %s refuses the request for now', async (_name, broken) => {
    const ask = authorizing({ Query: { orders: broken, order: broken }, Order: allow })(
      '{ order(id: "1") { id } }',
    );
    await expect(ask(person(['USER']))).rejects.toMatchObject({ code: 'AUTHORIZATION_UNAVAILABLE' });
  });
});

test('arguments that JSON cannot tell apart are not taken for equal', async () => {
  const asked: unknown[] = [];
  const seen = rule('seen')((_parent, { of }) => {
    asked.push(of);
    return true;
  });
  const schemaSdl = 'scalar Any  type Query { orders(of: Any): [Int] }';
  const ask = authorizing(
    { Query: { orders: seen } },
    schemaSdl,
  )('query ($a: Any, $b: Any) { a: orders(of: $a) b: orders(of: $b) }');
  await ask(person(['USER']), { a: null, b: Number.POSITIVE_INFINITY });
  expect(asked).toEqual([null, Number.POSITIVE_INFINITY]);
});

describe('an interface with many implementations and many fields', () => {
  const wide = Array.from({ length: 150 }, (_, index) => `f${index}(x: Int): Int`).join(' ');
  const names = Array.from({ length: 40 }, (_, index) => `T${index}`);
  const schemaSdl = `type Query { thing: Thing } interface Thing { ${wide} }
    ${names.map((name) => `type ${name} implements Thing { ${wide} }`).join('\n')}`;
  const source = `{ thing { ${Array.from({ length: 150 }, (_, index) => `f${index}`).join(' ')} } }`;
  const treeOf = (one: ShieldRule): RuleTree =>
    Object.fromEntries([
      ['Query', { '*': allow }],
      ...['Thing', ...names].map((name) => [name, { '*': one }]),
    ]);

  test('is decided at once by roles', () => {
    expect(authorizing(treeOf(atLeast('USER')), schemaSdl)(source)(person(['USER']))).not.toBeInstanceOf(
      Promise,
    );
  });

  test('is too much for rules as code', () => {
    const ask = authorizing(treeOf(rule('code')(() => true)), schemaSdl)(source);
    expect(() => ask(person(['USER']))).toThrow('The operation needs more than 5000 decisions about access.');
  });
});

test('ownership is decided from the coerced value, whatever the roles', async () => {
  const source = 'query ($of: ID) { orders(of: $of) { id } }';
  const ask = authorizing({ Query: { orders: argumentIsOwn('of') }, Order: allow })(source);
  await expect(ask(person(['ADMIN']), { of: 'u2' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(ask(person(['USER']), { of: 'u1' })).resolves.toEqual({
    ...{ source, documentHash: source, document: parse(source) },
    operation: getOperationAST(parse(source)),
  });
});

describe('R-24 10,000 rules and a person with 500 roles', () => {
  const names = Array.from({ length: 500 }, (_, index) => `ROLE_${index}`);
  const many: Roles = Object.fromEntries(
    names.map((name, index) => [name, { level: 1, permissions: [`may:${index}`, `see:${index}`] }]),
  );
  const fields = Array.from({ length: 10_000 }, (_, index) => `f${index}`);
  const tree: RuleTree = {
    Query: Object.fromEntries(
      fields.map((field, index) => [
        field,
        and(atLeast(`ROLE_${index % 500}`), or(hasPermission(`may:${index % 500}`), hasPermission('none'))),
      ]),
    ),
  };
  const ask = authorizing(
    tree,
    `type Query { ${fields.join(': Int ')}: Int }`,
    many,
  )(`{ ${fields.slice(0, 2_000).join(' ')} }`);

  test('R-24 2,000 of the fields are decided in less than 1 ms of processor time, once warm', () => {
    const rounds = 200;
    const decideAgain = (): void => void ask(person(names, many));
    for (let round = 0; round < 20; round++) decideAgain();
    const before = process.threadCpuUsage();
    for (let round = 0; round < rounds; round++) decideAgain();
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1000 / rounds).toBeLessThan(1);
  });

  test('R-24 one permission less is noticed', () => {
    const lacking = { ...many, ROLE_7: { level: 1, permissions: [] } };
    expect(() => ask(person(names, lacking))).toThrow('You may not run this operation.');
  });
});
