import { expect, test } from 'vitest';
import { describeWith, findService } from './services.ts';

test('a service that does not answer is named without its password', async () => {
  const environment = { POSTGRES_URL: 'postgres://someone:secret@127.0.0.1:1/shop' };

  expect(await findService('postgres', environment)).toEqual({
    soughtAt: 'postgres://someone@127.0.0.1:1/shop',
    found: undefined,
  });
});

test('a Chromium that is not installed is not found', async () => {
  expect(await findService('chromium', { CHROMIUM_PATH: '/nowhere/chromium' })).toEqual({
    soughtAt: '/nowhere/chromium',
    found: undefined,
  });
});

describeWith('redis', 'a service that answers', (url) => {
  test('is handed to its tests by address', () => {
    expect(url).toMatch(/^rediss?:\/\//);
  });
});
