/** What every change works with. */
import type { KeyObject } from 'node:crypto';
import type { Database } from '../../subgraphs/shared/database.ts';
import type { CheckProgress } from '../check/check-candidate.ts';
import type { Checks } from '../check/run-check.ts';
import type { RegistrySettings } from '../settings.ts';
import type { Origin } from '../store/tables.ts';

export interface ChangeServices {
  readonly database: Database;
  readonly checks: Checks;
  readonly settings: RegistrySettings;
  /** Ed25519, private: signs what gateways fetch. */
  readonly signingKey: KeyObject;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told after a change has been written: gateways and notices wait for it. */
  readonly onCommitted: (environment: string) => void;
}

/** Who changes something. */
export interface Changer {
  readonly origin: Origin;
  /** The subgraphs in whose name they may act; `*` for all. */
  readonly scope: readonly string[];
  readonly onProgress?: ((progress: CheckProgress) => void) | undefined;
}
