/** What the sandbox's page is told by the gateway: where to send operations and logins, and who may log in by one click. */

export interface SandboxLogin {
  /** Shown on the button, e.g. `ADMIN`. */
  readonly label: string;
  readonly appId: string;
  /** A login code that may be used any number of times, as the WeChat simulator gives them. */
  readonly code: string;
}

export interface SandboxConfig {
  /** Path of the GraphQL endpoint on the gateway's own origin. */
  readonly graphqlPath: string;
  /** Path that exchanges `{ appId, code }` for an access token. */
  readonly loginPath: string;
  readonly logins: readonly SandboxLogin[];
}
