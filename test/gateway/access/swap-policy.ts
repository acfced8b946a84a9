/** The policy of the swap test: `secret` will not be there for ever. */
import { allow, deny } from '../../../gateway/access/shield.ts';

export const roles = {};
export const rules = { Query: { hello: allow, secret: deny } };
