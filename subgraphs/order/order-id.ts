/** Makes order ids that sort by time, byte by byte: the newest is the greatest. */
import { randomBytes } from 'node:crypto';

/** `o-`, 12 hexadecimal digits of milliseconds since 1970, 16 random ones. */
export function createOrderId(nowMs: number, random: Buffer = randomBytes(8)): string {
  return `o-${nowMs.toString(16).padStart(12, '0')}${random.toString('hex')}`;
}
