/** One product: choose a variant and a number of pieces, and buy. */
const { toFailureText } = require('../../view/failure-text.js');
const { toYuan } = require('../../view/price.js');

const maxQuantity = 99;

Page({
  data: {
    /** loading | ready | gone | failed */
    state: 'loading',
    failure: '',
    product: null,
    skuId: '',
    sku: null,
    quantity: 1,
    total: '',
    isBuying: false,
  },

  onLoad({ id }) {
    this.id = id;
    this.load();
  },

  onUnload() {
    this.pending.abort();
  },

  async onPullDownRefresh() {
    await this.load();
    wx.stopPullDownRefresh();
  },

  async load() {
    this.pending = getApp().api.productPage({ id: this.id });
    const result = await this.pending;
    if (!result.data) {
      if (result.error.kind !== 'aborted') {
        this.setData({ state: 'failed', failure: toFailureText(result.error) });
      }
      return;
    }
    const { product } = result.data;
    if (!product || product.skus.length === 0) {
      this.setData({ state: 'gone' });
      return;
    }
    this.setData({ state: 'ready', product: toProductView(product) });
    this.choose(this.data.skuId, this.data.quantity);
  },

  chooseSku({ currentTarget }) {
    this.choose(currentTarget.dataset.id, 1);
  },

  changeQuantity({ currentTarget }) {
    this.choose(this.data.skuId, this.data.quantity + Number(currentTarget.dataset.by));
  },

  /** A choice within what there is: without such a variant, the first that can be ordered. */
  choose(skuId, quantity) {
    const { skus } = this.data.product;
    const sku = skus.find(({ id }) => id === skuId) || skus.find(({ stock }) => stock > 0) || skus[0];
    const pieces = Math.max(1, Math.min(quantity, sku.stock, maxQuantity));
    this.idempotencyKey = undefined;
    this.setData({ sku, skuId: sku.id, quantity: pieces, total: toYuan(sku.priceFen * pieces) });
  },

  async buy() {
    const { isBuying, skuId, quantity, sku } = this.data;
    if (isBuying || sku.stock === 0) return;
    this.setData({ isBuying: true });
    const result = await getApp().api.createOrder(
      { input: { lines: [{ skuId, quantity }] } },
      // After a failure that may have reached the shop, the same key makes sure of one order at most.
      { idempotencyKey: this.idempotencyKey },
    );
    this.setData({ isBuying: false });
    if (!result.data) {
      this.idempotencyKey = result.error.idempotencyKey;
      wx.showModal({ title: '下单没有成功', content: toFailureText(result.error), showCancel: false });
      return;
    }
    this.idempotencyKey = undefined;
    this.showOutcome(result.data.createOrder);
  },

  showOutcome(outcome) {
    if (outcome.__typename === 'Order') {
      wx.showToast({ title: '下单成功' });
      wx.switchTab({ url: '/pages/orders/orders' });
      return;
    }
    wx.showModal({ title: '暂时买不了', content: toRefusalText(outcome), showCancel: false });
    this.load();
  },
});

function toProductView({ title, description, category, images, skus }) {
  return {
    title,
    description,
    category: category.name,
    letter: title.charAt(0),
    images,
    skus: skus.map(({ id, name, priceFen, stock, shippingEstimateFen }) => ({
      id,
      name,
      priceFen,
      stock,
      price: toYuan(priceFen),
      shipping: shippingEstimateFen === 0 ? '包邮' : `运费约 ¥${toYuan(shippingEstimateFen)}`,
    })),
  };
}

function toRefusalText(outcome) {
  switch (outcome.__typename) {
    case 'OutOfStock':
      return outcome.available > 0 ? `库存不足，最多可买 ${outcome.available} 件` : '已经卖完了';
    case 'ShopClosed':
      return '店铺休息中，暂不接单';
    case 'UnknownSku':
      return '这个规格已下架';
    case 'InvalidQuantity':
      return '数量不对，请重新选择';
    default:
      return '请稍后再试';
  }
}
