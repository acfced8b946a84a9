/** Prices as people read them. */

/** 1 yuan = 100 fen: 1250 → "12.50". */
function toYuan(fen) {
  return (fen / 100).toFixed(2);
}

module.exports = { toYuan };
