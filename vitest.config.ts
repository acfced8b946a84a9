import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The file that Node itself loads; the bundler's choice would be a second copy of graphql beside the libraries'.
  resolve: {
    alias: [
      {
        find: /^graphql$/,
        replacement: fileURLToPath(new URL('./node_modules/graphql/index.js', import.meta.url)),
      },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Tests wait for programs and databases as long as they work; by default one core would be kept free.
    maxWorkers: '100%',
    setupFiles: ['test/support/watch-secrets.ts'],
    // For what hangs; nothing is measured by it. Programs take many times longer to start on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
