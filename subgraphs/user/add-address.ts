/** Adds an address that orders can be sent to. */
import { eq } from 'drizzle-orm';
import type { Database } from '../shared/database.ts';
import { createSortableId } from '../shared/sortable-id.ts';
import { subgraphError } from '../shared/subgraph-error.ts';
import { parseText } from './parse-text.ts';
import { type AddressRow, addressTable, userTable } from './tables.ts';

export type NewAddress = Omit<AddressRow, 'id' | 'userId'>;

const maxAddresses = 20;

/**
 * Null when there is no such user.
 * @throws BAD_USER_INPUT for a part that is empty or too long, or for more than 20 addresses
 */
export async function addAddress(
  database: Database,
  userId: string,
  input: NewAddress,
  now: number,
): Promise<AddressRow | null> {
  const address = { id: createSortableId('a', now), userId, ...parseAddress(input) };
  return await database.transaction(async (transaction) => {
    // The lock lets two additions at once count each other.
    const [user] = await transaction
      .select({ id: userTable.id })
      .from(userTable)
      .where(eq(userTable.id, userId))
      .for('update');
    if (!user) return null;
    if ((await transaction.$count(addressTable, eq(addressTable.userId, userId))) >= maxAddresses) {
      throw subgraphError('BAD_USER_INPUT', `There can be at most ${maxAddresses} addresses.`);
    }
    await transaction.insert(addressTable).values(address);
    return address;
  });
}

function parseAddress(input: NewAddress): NewAddress {
  const phone = input.phone.trim();
  if (!/^\+?\d[\d -]{4,19}$/.test(phone)) {
    throw subgraphError('BAD_USER_INPUT', '"phone" must be a telephone number.');
  }
  return {
    phone,
    recipient: parseText('recipient', input.recipient, 64),
    province: parseText('province', input.province, 64),
    city: parseText('city', input.city, 64),
    district: parseText('district', input.district, 64),
    detail: parseText('detail', input.detail, 200),
  };
}
