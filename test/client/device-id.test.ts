import { expect, it } from 'vitest';
import { createDeviceId } from '../../client/device-id.ts';
import { createWxDevice } from '../support/wx.ts';
import { startMiniProgram } from './mini-program.ts';

const { wx } = createWxDevice({ appId: 'wx1', person: 'tourist' });
const withInfo = (getDeviceInfo: () => Record<string, unknown>) => ({ ...wx, getDeviceInfo });

it('is the same each time on one model, and another on another or in another mini-program', () => {
  const other = withInfo(() => ({ ...wx.getDeviceInfo(), model: 'iPhone 16' }));
  const ids = [createDeviceId(wx, 'wx1'), createDeviceId(other, 'wx1'), createDeviceId(wx, 'wx2')];
  expect(createDeviceId(wx, 'wx1')).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[\da-f]{16}$/);
});

it('is not there where WeChat tells nothing, or refuses', () => {
  const { getDeviceInfo: _, ...old } = wx;
  expect(createDeviceId(old, 'wx1')).toBeUndefined();
  const refusing = withInfo(() => {
    throw new Error('getDeviceInfo:fail');
  });
  expect(createDeviceId(refusing, 'wx1')).toBeUndefined();
});

it('is sent with the login, and nothing of what it was made of', async () => {
  const program = await startMiniProgram();
  await program.client.login();
  const [login] = program.gateway.received.filter(({ path }) => path === '/auth/wechat/login');
  expect(JSON.stringify(login)).toContain(`${createDeviceId(program.device.wx, 'wx00000000000000a1')}`);
  expect(JSON.stringify(login)).not.toContain('iPhone');
  await program.close();
});
