/** Keeps the newest of the security log in the memory of this process, where no folder is set for it. */
import { type SecurityLogStore, type StoredRecord, toStored } from './security-log.ts';

export function createMemorySecurityLog(maxRecords: number): SecurityLogStore {
  const records: { readonly atMs: number; readonly stored: StoredRecord }[] = [];
  let written = 0;
  return {
    async append(added) {
      for (const record of added) {
        written += 1;
        records.push({
          atMs: record.atMs,
          stored: { id: `${written}`, ...toStored(record) } as StoredRecord,
        });
      }
      if (records.length > maxRecords) records.splice(0, records.length - maxRecords);
    },
    async read(since, limit) {
      const after = records.filter(({ atMs, stored }) =>
        'id' in since ? Number(stored.id) > Number(since.id) : atMs >= since.atMs,
      );
      return after.slice(0, limit).map(({ stored }) => stored);
    },
  };
}
