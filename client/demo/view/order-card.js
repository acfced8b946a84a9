/** An order of the list as its card shows it. */
const { toYuan } = require('./price.js');

const statusTexts = {
  CREATED: '待付款',
  PAID: '待发货',
  SHIPPED: '已发货',
  COMPLETED: '已完成',
  CANCELLED: '已取消',
};

function toOrderCard(order) {
  const lines = order.lines.map((line) => ({
    title: line.title,
    quantity: line.quantity,
    total: toYuan(line.lineTotalFen),
  }));
  return Object.assign(toStatus(order.status), {
    id: order.id,
    time: toLocalTime(order.createdAt),
    total: toYuan(order.totalFen),
    lines,
    pieces: order.lines.reduce((sum, { quantity }) => sum + quantity, 0),
    detail: null,
  });
}

function toStatus(status) {
  return {
    status,
    statusText: statusTexts[status] || status,
    isCancellable: status === 'CREATED' || status === 'PAID',
  };
}

function toLocalTime(iso) {
  const time = new Date(iso);
  const [month, day, hours, minutes] = [
    time.getMonth() + 1,
    time.getDate(),
    time.getHours(),
    time.getMinutes(),
  ].map((number) => String(number).padStart(2, '0'));
  return `${time.getFullYear()}-${month}-${day} ${hours}:${minutes}`;
}

module.exports = { toOrderCard, toStatus };
