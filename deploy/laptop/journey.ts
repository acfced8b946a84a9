/** What a shopper does on the first visit, by the generated client on a phone: log in, look, buy, check the order. */
import type { Result } from '../../client/index.ts';
import { createWxDevice } from '../../test/support/wx.ts';
import { demoApp } from './demo-app.ts';
import { loadMiniProgram } from './load-mini-program.ts';

export interface JourneyOptions {
  readonly gatewayUrl: string;
  readonly simulatorUrl: string;
  /** Who holds the phone; a new one becomes a new user. */
  readonly openid: string;
}

export interface JourneyStep {
  /** The call as it stands in the mini-program. */
  readonly call: string;
  readonly answer: string;
}

export interface Journey {
  readonly steps: readonly JourneyStep[];
  /** What was looked at, and what was bought. */
  readonly productId: string;
  readonly skuId: string;
  readonly orderId: string;
}

/** A step did not answer as a shopper expects; the message says which and how. */
export class JourneyError extends Error {
  override readonly name = 'JourneyError';
}

/** @throws JourneyError */
export async function runJourney({ gatewayUrl, simulatorUrl, openid }: JourneyOptions): Promise<Journey> {
  const { wx } = createWxDevice({ appId: demoApp.appId, person: { simulatorUrl, openid } });
  const { createClient, createApi } = await loadMiniProgram(wx);
  const api = createApi(
    createClient({
      wx,
      url: gatewayUrl,
      appId: demoApp.appId,
      clientName: 'minigate-demo',
      clientVersion: '1.0.0',
    }),
  );
  const steps: JourneyStep[] = [];
  const note = (call: string, answer: string): void => {
    steps.push({ call, answer });
  };

  const { me } = expectData('me', await api.me());
  if (!me) throw new JourneyError('me: nobody is logged in');
  note('api.me()', `wx.login → ${me.id}, ${me.roles.join(' ')}`);

  const home = expectData('homePage', await api.homePage({ first: 3 }));
  note(
    'api.homePage({ first: 3 })',
    home.products.nodes.map(({ title, priceFen }) => `${title} ${yuan(priceFen)}`).join(' · '),
  );

  const [chosen] = home.products.nodes;
  if (!chosen) throw new JourneyError('homePage: the shop has no products');
  const { product } = expectData('productPage', await api.productPage({ id: chosen.id }));
  const sku = product?.skus.find(({ stock }) => stock > 0);
  if (!product || !sku) throw new JourneyError(`productPage: ${chosen.title} cannot be bought`);
  note(
    `api.productPage({ id: '${chosen.id}' })`,
    `${product.title} / ${sku.name}, ${yuan(sku.priceFen)}, ${sku.stock} left`,
  );

  const { createOrder } = expectData(
    'createOrder',
    await api.createOrder({ input: { lines: [{ skuId: sku.id, quantity: 1 }] } }),
  );
  if (!('id' in createOrder)) throw new JourneyError(`createOrder: ${JSON.stringify(createOrder)}`);
  note(
    `api.createOrder({ input: { lines: [{ skuId: '${sku.id}', quantity: 1 }] } })`,
    `${createOrder.id}, ${createOrder.status}, ${yuan(createOrder.totalFen)}`,
  );

  const { order } = expectData('orderDetail', await api.orderDetail({ id: createOrder.id }));
  if (!order) throw new JourneyError('orderDetail: the order is not there');
  const lines = order.lines.map(({ title, quantity }) => `${quantity} × ${title}`).join(', ');
  note('api.orderDetail({ id })', `${order.buyer.id} ordered ${lines}`);
  return { steps, productId: chosen.id, skuId: sku.id, orderId: order.id };
}

function expectData<Data>(call: string, result: Result<Data>): Data {
  if (result.ok) return result.data;
  const { kind, code, message } = result.error;
  throw new JourneyError(`${call}: ${kind}${code ? ` ${code}` : ''}: ${message}`);
}

function yuan(fen: number): string {
  return `¥${(fen / 100).toFixed(2)}`;
}
