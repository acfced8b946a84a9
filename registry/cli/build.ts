/** Builds the package where `npm pack` takes it from. */
import { fileURLToPath } from 'node:url';
import { buildCliPackage } from './build-package.ts';

await buildCliPackage(fileURLToPath(new URL('dist', import.meta.url)));
