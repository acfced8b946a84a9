/** Makes ids that sort by time, byte by byte: the newest is the greatest. */
import { randomBytes } from 'node:crypto';

/** The prefix, `-`, 12 hexadecimal digits of milliseconds since 1970, 16 random ones. */
export function createSortableId(prefix: string, nowMs: number, random: Buffer = randomBytes(8)): string {
  return `${prefix}-${nowMs.toString(16).padStart(12, '0')}${random.toString('hex')}`;
}
