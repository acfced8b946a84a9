/** What a check can find, and the report that it makes. */

export type ProblemCode =
  | 'COMPOSITION_FAILED'
  | 'SECURITY_LINK'
  | 'APPROVAL_NEEDED'
  | 'ACCESS_RULE_DANGLES'
  | 'REQUIRES_LEAKS'
  | 'CLIENT_BREAKS'
  | 'CLIENTS_UNKNOWN'
  | 'SHRINKS';

/** A reason why the candidate may not be published. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly coordinate?: string;
  /** What has to be approved, where approval would solve it, and the subgraphs of whose owners one must approve. */
  readonly approval?: {
    readonly subject: string;
    readonly owners: readonly string[];
    readonly byAnother?: boolean;
  };
}

export type Severity = 'Breaking' | 'Dangerous' | 'Safe';

export interface SchemaChange {
  readonly severity: Severity;
  readonly coordinate: string;
  readonly message: string;
}

export interface LintFinding {
  readonly rule: 'TYPE_NAME' | 'FIELD_NAME' | 'ENUM_VALUE_NAME' | 'DESCRIPTION';
  readonly coordinate: string;
  readonly message: string;
}

/** A version of a client that runs an operation. */
export interface ClientVersion {
  readonly client: string;
  readonly version: string;
}

export interface BrokenOperation {
  readonly operation: string;
  readonly documentId: string;
  readonly reason: string;
  readonly versions: readonly ClientVersion[];
}

export interface GrownOperation {
  readonly operation: string;
  readonly documentId: string;
  readonly fetches: readonly [before: number, after: number];
  readonly cost: readonly [before: number, after: number];
  readonly versions: readonly ClientVersion[];
}

export interface CheckReport {
  readonly passed: boolean;
  readonly problems: readonly Problem[];
  readonly changes: readonly SchemaChange[];
  readonly lint: readonly LintFinding[];
  readonly operations: {
    /** Operations of versions in use that were looked at. */
    readonly checked: number;
    readonly broken: readonly BrokenOperation[];
    /** Those that fetch more often or cost more than before. */
    readonly grown: readonly GrownOperation[];
  };
  /** What went wrong beside the check. */
  readonly warnings?: readonly string[];
}

/** What `force` overrides. */
export const forcible: readonly ProblemCode[] = ['CLIENT_BREAKS', 'CLIENTS_UNKNOWN', 'SHRINKS'];
