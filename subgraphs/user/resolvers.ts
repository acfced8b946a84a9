/** Answers the fields of `schema.graphql`. */
import { dateTime } from '../shared/date-time.ts';
import { parseId } from '../shared/parse-id.ts';
import {
  mayActFor,
  requireScope,
  requireService,
  requireUser,
  subgraphError,
} from '../shared/subgraph-error.ts';
import type { Caller } from '../verify/index.ts';
import { addAddress } from './add-address.ts';
import { forgetIdentity } from './forget-identity.ts';
import type { Resolvers } from './generated/resolver-types.ts';
import { grantRole } from './grant-role.ts';
import { listUsers } from './list-users.ts';
import { registerIdentity } from './register-identity.ts';
import { sortRoles } from './roles.ts';
import { updateProfile } from './update-profile.ts';

export const resolvers: Resolvers = {
  DateTime: dateTime,
  Query: {
    me: (_, _arguments, { caller, loaders }) => loaders.user.load(requireUser(caller).userId),
    users(_, page, { caller, database }) {
      requireScope(caller, 'user:read');
      return listUsers(database, page);
    },
  },
  Mutation: {
    async updateProfile(_, { input }, { caller, database, loaders }) {
      const { userId } = requireUser(caller);
      const user = present(await updateProfile(database, userId, input));
      loaders.user.clear(userId);
      return user;
    },
    async addAddress(_, { input }, { caller, database, loaders, now }) {
      const { userId } = requireUser(caller);
      const address = present(await addAddress(database, userId, input, now()));
      loaders.addressesOfUser.clear(userId);
      return address;
    },
    async grantRole(_, { userId, role }, { caller, database, loaders }) {
      requireScope(caller, 'role:grant');
      const user = await grantRole(database, parseId(userId), role);
      if (!user) return { __typename: 'UnknownUser', message: 'There is no such user.', userId };
      loaders.grantsOfUser.clear(userId);
      return { __typename: 'User', ...user };
    },
    registerWechatIdentity(_, identity, { caller, database, now }) {
      requireService(caller);
      return registerIdentity(database, identity, now());
    },
    async forgetWechatIdentity(_, event, { caller, database, now }) {
      requireService(caller);
      await forgetIdentity(database, event, now());
      return true;
    },
  },
  User: {
    __resolveReference: ({ id }, { loaders }) => loaders.user.load(parseId(id)),
    addresses({ id }, _, { caller, loaders }) {
      requireSelfOrAdmin(caller, id);
      return loaders.addressesOfUser.load(id);
    },
    async roles({ id }, _, { caller, loaders }) {
      requireSelfOrAdmin(caller, id);
      const grants = await loaders.grantsOfUser.load(id);
      return sortRoles(grants.map((grant) => grant.role));
    },
  },
};

function requireSelfOrAdmin(caller: Caller, userId: string): void {
  if (!mayActFor(caller, userId))
    throw subgraphError('FORBIDDEN', 'Only the user and administrators may see this.');
}

/** A session can outlive the user behind it. */
function present<Row>(row: Row | null): Row {
  if (row === null) throw subgraphError('UNAUTHENTICATED', 'Log in again.');
  return row;
}
