/** The sandbox's own words, in the browser's language. */

export interface Labels {
  readonly language: string;
  readonly sandbox: string;
  readonly logInAs: string;
  readonly logOut: string;
  readonly guest: string;
  /** The comments of the first operation: where the schema has `me`, and where not. */
  readonly comments: { readonly me: string; readonly other: string };
}

const english: Labels = {
  language: 'en',
  sandbox: 'Sandbox',
  logInAs: 'Log in as',
  logOut: 'Log out',
  guest: 'Not logged in',
  comments: {
    me: 'Log in above, then press Ctrl+Enter.',
    other: 'Write an operation here: Ctrl+Space completes, Ctrl+Enter runs it.',
  },
};

const chinese: Labels = {
  language: 'zh-CN',
  sandbox: '调试台',
  logInAs: '登录为',
  logOut: '退出登录',
  guest: '未登录',
  comments: {
    me: '先在上方登录，再按 Ctrl+Enter 运行。',
    other: '在此编写操作：Ctrl+空格 补全，Ctrl+Enter 运行。',
  },
};

/** `language` is a BCP 47 tag, as `navigator.language` gives it. */
export function toLabels(language: string): Labels {
  return /^zh\b/i.test(language) ? chinese : english;
}
