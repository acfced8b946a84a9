/** What a subgraph may be called. */
import { RegistryError } from '../errors.ts';

const subgraphName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** @param known the names of the environment: none may differ from it in case alone @throws INVALID_NAME */
export function checkSubgraphName(name: string, known: readonly string[]): void {
  if (!subgraphName.test(name))
    throw new RegistryError(
      'INVALID_NAME',
      'A subgraph name is a letter, then up to 63 letters, digits, - and _.',
    );
  const double = known.find((other) => other !== name && other.toLowerCase() === name.toLowerCase());
  if (double)
    throw new RegistryError('INVALID_NAME', `There is a subgraph ${double}; the name differs in case alone.`);
}
