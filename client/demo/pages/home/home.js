/** What is on sale: by page, by category, or by search. */
const { toFailureText } = require('../../view/failure-text.js');
const { toYuan } = require('../../view/price.js');

const pageSize = 10;

Page({
  data: {
    /** loading | ready | empty | failed */
    state: 'loading',
    failure: '',
    isShopClosed: false,
    categories: [],
    categoryId: '',
    searchText: '',
    products: [],
    hasNextPage: false,
    isLoadingMore: false,
  },

  onLoad() {
    this.reload();
  },

  onUnload() {
    this.pending.abort();
  },

  async onPullDownRefresh() {
    await this.reload();
    wx.stopPullDownRefresh();
  },

  onReachBottom() {
    if (this.data.hasNextPage && !this.data.isLoadingMore) this.loadMore();
  },

  search({ detail }) {
    this.setData({ searchText: detail.value.trim(), categoryId: '' });
    this.reload();
  },

  clearSearch() {
    this.setData({ searchText: '' });
    this.reload();
  },

  chooseCategory({ currentTarget }) {
    this.setData({ categoryId: currentTarget.dataset.id, searchText: '' });
    this.reload();
  },

  async reload() {
    this.setData({ state: 'loading', products: [], hasNextPage: false });
    const result = await this.fetchPage(null);
    if (isAborted(result)) return;
    if (!result.data) {
      this.setData({ state: 'failed', failure: toFailureText(result.error) });
      return;
    }
    const { shop, categories } = result.data;
    if (shop) this.setData({ isShopClosed: !shop.open });
    if (categories) this.setData({ categories });
    this.showPage(result);
  },

  async loadMore() {
    this.setData({ isLoadingMore: true });
    const result = await this.fetchPage(this.endCursor);
    this.setData({ isLoadingMore: false });
    if (isAborted(result)) return;
    if (result.data) this.showPage(result);
    else wx.showToast({ title: toFailureText(result.error), icon: 'none' });
  },

  /** The list that is asked for now makes an earlier one pointless. */
  fetchPage(after) {
    if (this.pending) this.pending.abort();
    const { api } = getApp();
    const { searchText, categoryId } = this.data;
    this.pending = searchText
      ? api.searchProducts({ text: searchText, first: pageSize, after })
      : api.homePage({ first: pageSize, after, categoryId: categoryId || null, isFirstPage: !after });
    return this.pending;
  },

  /** Adds a page to the list. What failed in it is said, and the rest is shown. */
  showPage({ data, error }) {
    const { nodes, pageInfo } = data.searchProducts || data.products;
    this.endCursor = pageInfo.endCursor;
    const products = this.data.products.concat(nodes.map(toTile));
    this.setData({
      state: products.length > 0 ? 'ready' : 'empty',
      products,
      hasNextPage: pageInfo.hasNextPage,
    });
    if (error) wx.showToast({ title: toFailureText(error), icon: 'none' });
  },
});

function isAborted(result) {
  return !result.ok && result.error.kind === 'aborted';
}

function toTile({ id, title, priceFen, images }) {
  const image = images.length > 0 ? images[0].url : '';
  return { id, title, image, letter: title.charAt(0), price: toYuan(priceFen) };
}
