/** The bar above GraphiQL: who is logged in, and one button for each who may be. */
import { createElement, type ReactNode } from 'react';
import type { SandboxLogin } from '../sandbox-config.ts';
import type { Labels } from './labels.ts';
import type { Session } from './session.ts';

export interface TopBarProps {
  readonly labels: Labels;
  readonly logins: readonly SandboxLogin[];
  readonly session: Session | undefined;
  /** True while a login is under way: one at a time. */
  readonly busy: boolean;
  readonly problem: string | undefined;
  readonly onLogIn: (login: SandboxLogin) => void;
  readonly onLogOut: () => void;
}

export function TopBar(props: TopBarProps): ReactNode {
  const { labels, session, problem } = props;
  return createElement(
    'header',
    { className: 'bar' },
    createElement('img', { src: '/sandbox/assets/icon.svg', alt: '', width: 24, height: 24 }),
    createElement('strong', { className: 'bar-name' }, 'Minigate'),
    createElement('span', { className: 'bar-tag' }, labels.sandbox),
    createElement(
      'output',
      { className: problem ? 'bar-status bar-problem' : 'bar-status' },
      problem ?? (session ? toWho(session) : labels.guest),
    ),
    createElement(LoginButtons, props),
    session && createElement('button', { type: 'button', onClick: props.onLogOut }, labels.logOut),
  );
}

function LoginButtons({ labels, logins, session, busy, onLogIn }: TopBarProps): ReactNode {
  if (logins.length === 0) return null;
  const buttons = logins.map((login) =>
    createElement(
      'button',
      {
        key: login.label,
        type: 'button',
        disabled: busy,
        'aria-label': `${labels.logInAs} ${login.label}`,
        'aria-pressed': session?.login === login,
        onClick: () => onLogIn(login),
      },
      login.label,
    ),
  );
  return createElement(
    'div',
    { className: 'bar-logins', role: 'group', 'aria-label': labels.logInAs },
    createElement('span', { 'aria-hidden': true }, labels.logInAs),
    createElement('span', { className: 'bar-choices' }, buttons),
  );
}

function toWho(session: Session): string {
  return [session.login.label, session.userId, session.roles.join(' + ')].join(' · ');
}
