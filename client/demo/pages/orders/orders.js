/** The orders of the person using the phone: their state, what is in them, and taking them back. */
const { toFailureText } = require('../../view/failure-text.js');
const { toOrderCard, toStatus } = require('../../view/order-card.js');
const { toYuan } = require('../../view/price.js');

const pageSize = 10;

Page({
  data: {
    /** loading | ready | empty | failed */
    state: 'loading',
    failure: '',
    name: '',
    orders: [],
    hasNextPage: false,
    isLoadingMore: false,
  },

  onLoad() {
    this.loadName();
  },

  /** Each time the tab is opened, since an order may have been placed meanwhile. */
  onShow() {
    this.reload();
  },

  async onPullDownRefresh() {
    await this.reload();
    wx.stopPullDownRefresh();
  },

  onReachBottom() {
    if (this.data.hasNextPage && !this.data.isLoadingMore) this.loadMore();
  },

  async loadName() {
    const { data } = await getApp().api.me();
    const { me } = data || {};
    if (me) this.setData({ name: me.nickname || '朋友' });
  },

  async reload() {
    const { data, error } = await this.fetchPage({ first: pageSize });
    const { me } = data || {};
    if (me) this.showPage(me.orders, []);
    else if (!isAborted(error)) this.setData({ state: 'failed', failure: toFailureText(error) });
  },

  async loadMore() {
    this.setData({ isLoadingMore: true });
    const { data, error } = await this.fetchPage({ first: pageSize, after: this.endCursor });
    this.setData({ isLoadingMore: false });
    const { me } = data || {};
    if (me) this.showPage(me.orders, this.data.orders);
    else if (!isAborted(error)) wx.showToast({ title: toFailureText(error), icon: 'none' });
  },

  /** The page that is asked for now makes an earlier one pointless. */
  fetchPage(variables) {
    if (this.pending) this.pending.abort();
    this.pending = getApp().api.myOrders(variables);
    return this.pending;
  },

  showPage({ nodes, pageInfo }, before) {
    this.endCursor = pageInfo.endCursor;
    const orders = before.concat(nodes.map(toOrderCard));
    this.setData({
      state: orders.length > 0 ? 'ready' : 'empty',
      orders,
      hasNextPage: pageInfo.hasNextPage,
    });
  },

  /** Opens or closes the details of an order. */
  async toggleDetail({ currentTarget }) {
    const { id } = currentTarget.dataset;
    const isOpen = this.data.orders.some((order) => order.id === id && order.detail);
    if (isOpen) {
      this.updateOrder(id, { detail: null });
      return;
    }
    const { data, error } = await getApp().api.orderDetail({ id });
    const { order } = data || {};
    if (!order) {
      wx.showToast({ title: error ? toFailureText(error) : '订单不存在', icon: 'none' });
      return;
    }
    const lines = order.lines.map(({ title, sku, quantity, unitPriceFen }) => ({
      title,
      sku: sku.name,
      quantity,
      price: toYuan(unitPriceFen),
    }));
    const detail = { lines, buyer: order.buyer.nickname || '朋友' };
    this.updateOrder(id, Object.assign(toStatus(order.status), { detail }));
  },

  async cancel({ currentTarget }) {
    const { id } = currentTarget.dataset;
    const { confirm } = await wx.showModal({ title: '取消订单', content: '确定要取消这个订单吗？' });
    if (!confirm) return;
    const result = await getApp().api.cancelOrder({ id });
    if (!result.data) {
      wx.showToast({ title: toFailureText(result.error), icon: 'none' });
      return;
    }
    const { cancelOrder } = result.data;
    if (cancelOrder.__typename === 'Order') {
      this.updateOrder(id, toStatus(cancelOrder.status));
      wx.showToast({ title: '已取消' });
      return;
    }
    wx.showToast({ title: '这个订单不能取消了', icon: 'none' });
    this.reload();
  },

  updateOrder(id, change) {
    const orders = this.data.orders.map((order) =>
      order.id === id ? Object.assign({}, order, change) : order,
    );
    this.setData({ orders });
  },
});

function isAborted(error) {
  return Boolean(error) && error.kind === 'aborted';
}
