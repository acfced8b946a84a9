/** What a gateway serves from, and where it comes from. */
import type { Bundle } from '../../registry/bundle/bundle.ts';

export interface Release {
  readonly supergraphSdl: string;
  /** Absent where nothing but a supergraph was given: operations come from the settings then, plans are made here. */
  readonly bundle?: Bundle;
}

/** Puts a release in force. Rejects when it cannot be served; what was in force then stays. */
export type Serve = (release: Release) => Promise<void>;

/** What the source says of itself to an operator. */
export interface SourceState {
  readonly kind: 'file' | 'registry' | 'introspection';
  /** When it was last heard of what is to be served; ISO 8601. */
  readonly heardAt?: string | undefined;
  /** Since then. */
  readonly silentSeconds?: number | undefined;
  /** Of the last attempt, if it failed. */
  readonly trouble?: { readonly code: string; readonly message: string } | undefined;
}

export interface ReleaseSource {
  /**
   * Serves what there is to begin with.
   *
   * @throws StartupError when there is nothing that can be served
   */
  begin(serve: Serve): Promise<void>;
  /** From now on serves whatever comes. Trouble is told of and tried again; it never rejects. */
  follow(serve: Serve): void;
  state(): SourceState;
  close(): Promise<void>;
}

/** Trouble is told of at first and whenever it becomes another. */
export interface SourceEvents {
  readonly onTrouble: (trouble: { readonly code: string; readonly message: string }) => void;
  readonly onRecovered: () => void;
  /** Told when nothing was heard for long, and again each hour that this lasts. */
  readonly onSilent: (seconds: number) => void;
}
