/** Keeps the security log in a folder: a file of JSON lines for each day, only ever added to, deleted when it is old. */
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type SecurityLogStore, type Since, type StoredRecord, toStored } from './security-log.ts';

export interface FileSecurityLogOptions {
  /** Made when it is not there. One for each gateway. */
  readonly folder: string;
  readonly keptDays: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const dayMs = 86_400_000;
const fileName = /^security-(\d{4}-\d\d-\d\d)\.jsonl$/;

const toDay = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

export function createFileSecurityLog({ folder, keptDays, now }: FileSecurityLogOptions): SecurityLogStore {
  let tidied: string | undefined;
  let written = 0;

  const listDays = async (): Promise<string[]> => {
    const names = await readdir(folder);
    return names.flatMap((name) => fileName.exec(name)?.[1] ?? []).sort();
  };
  const toPath = (day: string): string => join(folder, `security-${day}.jsonl`);

  /** Once for each day that is written to. */
  const tidy = async (today: string): Promise<void> => {
    if (tidied === today) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const oldest = toDay(now() - keptDays * dayMs);
    for (const day of await listDays()) if (day < oldest) await rm(toPath(day));
    tidied = today;
  };

  return {
    async append(records) {
      const nowMs = now();
      const today = toDay(nowMs);
      await tidy(today);
      const lines = records.map((record) => {
        written += 1;
        // Ordered as text: the time of writing has as many digits until the year 2286.
        const id = `${nowMs}-${String(written).padStart(9, '0')}`;
        return `${JSON.stringify({ id, ...toStored(record) })}\n`;
      });
      await appendFile(toPath(today), lines.join(''), { mode: 0o600 });
    },
    async read(since, limit) {
      const from = toDay('id' in since ? Number.parseInt(since.id, 10) || 0 : since.atMs);
      const found: StoredRecord[] = [];
      for (const day of await listDays().catch(() => [])) {
        if (day < from || found.length >= limit) continue;
        const lines = (await readFile(toPath(day), 'utf8')).split('\n');
        found.push(...lines.flatMap(parseRecord).filter((record) => isAfter(record, since)));
      }
      return found.slice(0, limit);
    },
  };
}

function isAfter({ id, at }: StoredRecord, since: Since): boolean {
  return 'id' in since ? id > since.id : Date.parse(at) >= since.atMs;
}

/** The last line may have been cut by a crash. */
function parseRecord(line: string): StoredRecord[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
