/** Preloaded into a program: writes the address of each module that any of its threads loads to the file of `NOTE_LOADED_MODULES`. */
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const file = process.env.NOTE_LOADED_MODULES ?? '';

registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(file, `${url}\n`);
    return nextLoad(url, context);
  },
});
