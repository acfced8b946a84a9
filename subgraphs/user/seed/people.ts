/** The users of the example shop, the same on every machine; `people.tsv` lists them. */
import { readFileSync } from 'node:fs';
import { type Role, rolesUpTo } from '../roles.ts';
import type { AddressRow, RoleGrantRow, UserRow, WechatIdentityRow } from '../tables.ts';

export interface People {
  readonly users: readonly UserRow[];
  readonly identities: readonly WechatIdentityRow[];
  readonly addresses: readonly AddressRow[];
  readonly grants: readonly RoleGrantRow[];
}

/** The app that the demo and the WeChat simulator use. */
const demoAppId = 'wx00000000000000a1';
const firstDayMs = Date.UTC(2026, 0, 1, 2);
const dayMs = 86_400_000;

/** The first four users: who a login in the demo becomes. */
const knownLogins: readonly { openid: string; highest: Role }[] = [
  { openid: 'o-sim-super', highest: 'SUPER' },
  { openid: 'o-sim-admin', highest: 'ADMIN' },
  { openid: 'o-sim-user', highest: 'USER' },
  { openid: 'o-mock-user', highest: 'USER' },
];

/** Ids: users `u-0001`, addresses `a-0001-1` (the first address of user `u-0001`); made ids sort after them. One user came a day. */
export function loadPeople(): People {
  const text = readFileSync(new URL('people.tsv', import.meta.url), 'utf8');
  const people = text.trimEnd().split('\n').map(toPerson);
  return {
    users: people.map(({ id, nickname, index }) => ({
      id,
      nickname,
      avatarUrl: null,
      createdAt: new Date(firstDayMs + index * dayMs),
    })),
    identities: people.map(({ id, number, openid }) => ({
      appId: demoAppId,
      openid,
      unionid: `union-${number}`,
      userId: id,
    })),
    addresses: people.map(({ id, number, recipient, province, city, district, detail }) => ({
      id: `a-${number}-1`,
      userId: id,
      recipient,
      phone: `1390000${number}`,
      province,
      city,
      district,
      detail,
    })),
    grants: people.flatMap(({ id, highest }) => rolesUpTo(highest).map((role) => ({ userId: id, role }))),
  };
}

function toPerson(line: string, index: number) {
  const [nickname, recipient, province, city, district, detail] = line.split('\t');
  if (!nickname || !recipient || !province || !city || !district || !detail) {
    throw new Error(`people.tsv: six columns are due: ${line}`);
  }
  const number = String(index + 1).padStart(4, '0');
  const { openid, highest } = knownLogins[index] ?? { openid: `o-seed-${number}`, highest: 'USER' };
  return {
    id: `u-${number}`,
    number,
    index,
    nickname,
    recipient,
    province,
    city,
    district,
    detail,
    openid,
    highest,
  };
}
