/** The errcodes of WeChat's login endpoint that the simulator knows, each with WeChat's wording. */

const wording = new Map<number, string>([
  [-1, 'system error'],
  [40002, 'invalid grant_type'],
  [40013, 'invalid appid'],
  [40029, 'invalid code'],
  [40125, 'invalid appsecret'],
  [40163, 'code been used'],
  [40226, 'code blocked'],
  [41002, 'appid missing'],
  [41004, 'appsecret missing'],
  [41008, 'missing code'],
  [45009, 'reach max api daily quota limit'],
  [45011, 'api minute-quota reach limit mustslower retry next minute'],
]);

export interface WechatError {
  readonly errcode: number;
  readonly errmsg: string;
}

/** `rid` is what WeChat's diagnosis tool asks for: three groups of eight hex digits. */
export function toWechatError(errcode: number, ridBytes: Buffer): WechatError {
  const rid = ridBytes.toString('hex').replace(/(.{8})(?=.)/g, '$1-');
  return { errcode, errmsg: `${wording.get(errcode) ?? 'simulated error'}, rid: ${rid}` };
}
