import { Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { registerHistogram } from '../../../gateway/telemetry/histogram.ts';

const options = { name: 'cost', help: 'What it "costs".', buckets: [-5, 0, 0.5, 10] };
const observed = [
  ['OK', 0],
  ['OK', 0.25],
  ['OK', 10],
  ['REFUSED', 10.5],
  ['OK', -30],
  ['a "quoted" one', 0.5],
] as const;

test('shows what was observed as a histogram of prom-client does', async () => {
  const [own, theirs] = [new Registry(), new Registry()];
  const observe = registerHistogram(own, { ...options, labelName: 'result' });
  const oracle = new Histogram({ ...options, labelNames: ['result'], registers: [theirs] });
  for (const [result, value] of observed) {
    observe(result, value);
    oracle.observe({ result }, value);
  }
  expect(await own.metrics()).toBe(await theirs.metrics());
});

test('shows its name and help when nothing was observed', async () => {
  const registry = new Registry();
  registerHistogram(registry, { ...options, labelName: 'result' });
  expect(await registry.metrics()).toBe('# HELP cost What it "costs".\n# TYPE cost histogram\n');
});
