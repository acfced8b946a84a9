/** The words of the command in English and Chinese, chosen by the locale. */

const words = {
  published: ['Published {0} to {1} as version {2}.', '已将 {0} 发布到 {1}，版本 {2}。'],
  unchanged: ['{0} is in force in {1} already, as version {2}.', '{0} 在 {1} 中已是最新，版本 {2}。'],
  checkPassed: ['The check passed against version {0} of {1}.', '检查通过（基于 {1} 的版本 {0}）。'],
  checkFailed: ['The check failed against version {0} of {1}.', '检查未通过（基于 {1} 的版本 {0}）。'],
  deleted: ['Deleted {0} from {1}: version {2}.', '已从 {1} 删除 {0}，版本 {2}。'],
  wouldDelete: ['{0} can be deleted from {1}.', '可以从 {1} 删除 {0}。'],
  rolledBack: ['{0} is back at version {1}, as version {2}.', '{0} 已回滚到版本 {1}，新版本号 {2}。'],
  registered: [
    'Registered {0} operations of {1} in {2}: version {3}.',
    '已在 {2} 登记 {1} 的 {0} 个操作，版本 {3}。',
  ],
  retired: ['Retired the operations of {0} in {1}: version {2}.', '已在 {1} 停用 {0} 的操作，版本 {2}。'],
  misfits: ['{0} of them do not fit the schema in force:', '其中 {0} 个与当前模式不符：'],
  approved: ['Approved for seven days: {0}', '已批准（七天内有效）：{0}'],
  tokenOnce: ['Keep it now; it is not shown again:', '请立即保存，令牌只显示一次：'],
  tokenRevoked: ['Revoked {0}.', '已吊销 {0}。'],
  nothing: ['Nothing.', '无。'],
  safe: ['Safe to remove: nobody has asked for {0} in {1} days.', '可以移除：{1} 天内无人请求 {0}。'],
  notSafe: ['Still in use: {0} requests for {1} in {2} days.', '仍在使用：{2} 天内有 {0} 次请求用到 {1}。'],
  problems: ['Problems', '问题'],
  changes: ['Changes', '变更'],
  clients: [
    'Operations of clients: {0} checked, {1} broken, {2} dearer',
    '客户端操作：检查 {0} 个，破坏 {1} 个，变贵 {2} 个',
  ],
  lint: ['Advice: {0}', '建议：{0} 条'],
  warnings: ['Warnings', '警告'],
  approvalBy: ['    An owner of {0} approves by: {1}', '    由 {0} 的负责人批准：{1}'],
  Breaking: ['Breaking', '破坏性'],
  Dangerous: ['Dangerous', '有风险'],
  Safe: ['Safe', '安全'],
  compose: ['composing', '组合子图'],
  operations: ['looking at operations', '检查操作'],
  bundle: ['making the bundle', '生成发布包'],
  seconds: ['{0} … {1} s', '{0} … {1} 秒'],
  unreachable: ['The registry at {0} cannot be reached: {1}', '无法连接注册中心 {0}：{1}'],
  same: ['{0} operations answered alike.', '{0} 个操作的结果一致。'],
  different: ['{0} of {1} operations answered differently.', '{1} 个操作中有 {0} 个结果不同。'],
  leftOut: [
    'Mutations left out: {0}. --mutations sends them too.',
    '已略过 {0} 个变更操作，加 --mutations 才会发送。',
  ],
  needsGateway: [
    'This command belongs to the gateway: run it in its repository.',
    '此命令属于网关，请在网关仓库中运行。',
  ],
} as const satisfies Record<string, readonly [english: string, chinese: string]>;

export type Word = keyof typeof words;

export type Say = (word: Word, ...values: readonly (string | number)[]) => string;

/** @param environment LC_ALL, LC_MESSAGES and LANG decide, in this order */
export function createSay(environment: NodeJS.ProcessEnv): Say {
  const column = isChinese(environment) ? 1 : 0;
  return (word, ...values) =>
    words[word][column].replaceAll(/\{(\d)\}/g, (_, index) => String(values[Number(index)] ?? ''));
}

export function isChinese({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): boolean {
  return (LC_ALL || LC_MESSAGES || LANG || '').toLowerCase().startsWith('zh');
}
