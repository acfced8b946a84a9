/** The mini-program that the simulator knows, and the people who can log in to it by one click. */

export const demoApp = { appId: 'wx00000000000000a1', secret: 'simulator-secret' } as const;

/** Codes that the simulator accepts any number of times, one for each role. */
export const demoLogins = ['USER', 'ADMIN', 'SUPER'].map((label) => ({
  label,
  appId: demoApp.appId,
  code: `simulator:${label.toLowerCase()}`,
}));
