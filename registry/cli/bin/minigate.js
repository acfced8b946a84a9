#!/usr/bin/env node
// In the repository the sources run as they are, with the commands that need the gateway; the package holds the rest, built.
import { existsSync } from 'node:fs';

const program = new URL('../../with-gateway.ts', import.meta.url);
await import(existsSync(program) ? program.href : '../dist/minigate.js');
