/** Looks through everything that gateways logged and answered for every secret that became known in the meantime. */

/** Where a secret was found that belongs to nobody there; the secret itself is not in it. */
export interface Leak {
  readonly secret: string;
  readonly place: string;
  /** What stands before it. */
  readonly before: string;
}

export interface SecretWatch {
  /** @param what it is, for the report; text of less than 16 characters is found by chance, and not looked for */
  learn(what: string, ...secrets: readonly (string | undefined)[]): void;
  logged(text: string): void;
  /** Also learns the tokens that a login or a refresh gives: they may be in that answer, and nowhere else. */
  answered(path: string, text: string): void;
  leaks(): Leak[];
}

/** The routes that give tokens, and the fields that they are in. */
const givingPaths = new Set([
  '/auth/wechat/login',
  '/auth/oidc/login',
  '/auth/oidc/session',
  '/auth/refresh',
]);
const givenField = /"(accessToken|refreshToken|signingKey|csrfToken)":"([^"]+)"/g;
const givenCookie = /^set-cookie: [\w-]+=([^;]+)/gm;

const minLength = 16;
const shown = 60;

export function createSecretWatch(): SecretWatch {
  const secrets = new Map<string, string>();
  const texts = new Map<string, string>();

  const learn: SecretWatch['learn'] = (what, ...learned) => {
    for (const secret of learned) if (secret && secret.length >= minLength) secrets.set(secret, what);
  };
  /** Takes out what is given. */
  const learnGiven = (text: string): string =>
    text
      .replace(givenField, (_, field: string, secret: string) => {
        learn(field, secret);
        return `"${field}":`;
      })
      .replace(givenCookie, (whole, secret: string) => {
        learn('cookie', secret);
        return whole.replace(secret, '');
      });

  return {
    learn,
    logged: (text) => void texts.set(text, 'log'),
    answered(path, text) {
      const [route = ''] = path.split('?');
      texts.set(givingPaths.has(route) ? learnGiven(text) : text, `answer of ${route}`);
    },
    leaks() {
      const all = [...texts.keys()].join('\n');
      return [...secrets]
        .filter(([secret]) => all.includes(secret))
        .flatMap(([secret, what]) =>
          [...texts]
            .filter(([text]) => text.includes(secret))
            .map(([text, place]) => {
              const at = text.indexOf(secret);
              return { secret: what, place, before: text.slice(Math.max(0, at - shown), at) };
            }),
        );
    },
  };
}
