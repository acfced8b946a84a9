/** What every subgraph is given to start with. */
import type { DatabaseServer } from './database.ts';

export interface SubgraphSettings {
  readonly database: DatabaseServer;
  /** The key shared with the gateway and the other services, for signatures. */
  readonly internalKey: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Sees the text of every statement that requests send. */
  readonly onQuery?: ((sql: string) => void) | undefined;
  /** Sees what went wrong inside, when neither the caller nor the data is to blame; who asked learns only that it did. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}
