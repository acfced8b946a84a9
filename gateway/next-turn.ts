/** Resolves once the event loop has looked at timers and sockets again. */
import { setImmediate } from 'node:timers/promises';

export async function nextTurn(): Promise<void> {
  // What is asked for while sockets are read comes before they are looked at again; from there on it comes after.
  await setImmediate();
  await setImmediate();
}
