/** The errcodes of WeChat's server that the simulator knows, each with WeChat's wording. */

const wording = new Map<number, string>([
  [-1, 'system error'],
  [40001, 'invalid credential, access_token is invalid or not latest'],
  [40002, 'invalid grant_type'],
  [40013, 'invalid appid'],
  [40014, 'invalid access_token'],
  [40029, 'invalid code'],
  [40125, 'invalid appsecret'],
  [40163, 'code been used'],
  [40226, 'code blocked'],
  [40230, 'missing Wechatmp header'],
  [40234, 'invalid signature'],
  [40235, 'invalid encrypted data'],
  [40239, 'no api security key'],
  [40240, 'timestamp expired'],
  [41001, 'access_token missing'],
  [41002, 'appid missing'],
  [41004, 'appsecret missing'],
  [41008, 'missing code'],
  [42001, 'access_token expired'],
  [45009, 'reach max api daily quota limit'],
  [45011, 'api minute-quota reach limit mustslower retry next minute'],
  [47001, 'data format error'],
  [87008, 'invalid sig_method'],
  [87009, 'invalid signature'],
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
