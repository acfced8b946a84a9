import { expect, test } from 'vitest';
import { createReportUnregistered } from '../../../gateway/persisted/report-unregistered.ts';

test('names that nobody knows do not become labels, and only so many documents are remembered', () => {
  const labels = new Set<string>();
  const logged: unknown[] = [];
  const report = createReportUnregistered({
    isKnown: (name) => name === 'shop',
    count: ({ client }) => labels.add(client),
    log: { warn: (line: object) => logged.push(line) },
  });
  const use = { operationName: undefined, policy: 'warn', isRegistered: false } as const;
  const from = (name: string | undefined, documentId: string) =>
    report({ ...use, client: { name, version: undefined }, documentId });

  from('shop', 'first');
  from(undefined, 'first');
  for (let index = 0; index < 1_000; index += 1) from(`stranger ${index}`, `document ${index}`);
  from('shop', 'document 999');
  from('shop', 'first');

  expect([...labels]).toEqual(['shop', 'none', 'other']);
  expect(logged).toHaveLength(1_002);
});
