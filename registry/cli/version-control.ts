/** Who made a change, in which commit and branch: from the variables of CI, else from git, else nothing. */
import { execFileSync } from 'node:child_process';

export interface VersionControl {
  readonly author?: string;
  readonly commit?: string;
  readonly branch?: string;
}

const variables = {
  author: [
    'MINIGATE_VCS_AUTHOR',
    'GITHUB_ACTOR',
    'GITLAB_USER_LOGIN',
    'GITEE_PULL_REQUEST_AUTHOR',
    'CODING_COMMITTER_NAME',
  ],
  commit: ['MINIGATE_VCS_COMMIT', 'GITHUB_SHA', 'CI_COMMIT_SHA', 'GITEE_COMMIT', 'GIT_COMMIT'],
  branch: ['MINIGATE_VCS_BRANCH', 'GITHUB_REF_NAME', 'CI_COMMIT_REF_NAME', 'GITEE_BRANCH', 'GIT_BRANCH'],
} as const;

const commands = {
  author: ['log', '-1', '--format=%an'],
  commit: ['rev-parse', 'HEAD'],
  branch: ['rev-parse', '--abbrev-ref', 'HEAD'],
} as const;

export function readVersionControl(environment: NodeJS.ProcessEnv, folder = '.'): VersionControl {
  const entries = (['author', 'commit', 'branch'] as const).flatMap((key) => {
    const named = variables[key].map((name) => environment[name]).find(Boolean);
    const value = named ?? askGit(commands[key], folder);
    return value ? [[key, value.slice(0, 200)] as const] : [];
  });
  return Object.fromEntries(entries);
}

function askGit(args: readonly string[], cwd: string): string | undefined {
  try {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
