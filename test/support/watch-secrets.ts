/** Set up for every test file: at its end no secret that it met may be in any log line or answer of its gateways. */
import { afterAll, expect } from 'vitest';
import { secretWatch, watchAnswers } from './known-secrets.ts';

const stop = watchAnswers();

// Registered before all others, and so called after them.
afterAll(() => {
  stop();
  expect(secretWatch.leaks()).toEqual([]);
});
