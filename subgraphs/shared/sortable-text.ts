/** A text column compared byte by byte, so that ids sort the same in every database, whatever its locale. */
import { customType } from 'drizzle-orm/pg-core';

export const sortableText = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });
