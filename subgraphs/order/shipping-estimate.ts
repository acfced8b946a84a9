/** What sending one piece would cost. */
const freeFromFen = 9_900;
const firstKilogramFen = 800;
const furtherKilogramFen = 200;

/** In fen: nothing from 99 yuan, else 8 yuan for the first kilogram and 2 yuan for each further one begun. */
export function shippingEstimateFen(sku: { priceFen: number; weightGrams: number }): number {
  if (sku.priceFen >= freeFromFen) return 0;
  const furtherKilograms = Math.max(0, Math.ceil(sku.weightGrams / 1_000) - 1);
  return firstKilogramFen + furtherKilograms * furtherKilogramFen;
}
