/** A policy for graphs with nothing to protect. */
import { allow } from '../../gateway/access/shield.ts';

export const roles = {};
export const rules = { Query: { '*': allow } };
