export interface Price {
  readonly amount: number;
  readonly currency: string;
}

const symbols: Record<string, string> = { '€': 'EUR', $: 'USD', '£': 'GBP', CHF: 'CHF', '¥': 'JPY', Kč: 'CZK' };

/** Euros for one unit: rates of the sample, not of today. */
const euros: Record<string, number> = { EUR: 1, USD: 0.92, GBP: 1.17, CHF: 1.05, JPY: 0.0061, CZK: 0.04 };

/** `1.299,00 €`, `$1,049.99`, `CHF 1'250.00`, `2 190 Kč`: the last separator divides the cents if exactly two digits follow it. */
export function parsePrice(text: string): Price {
  const symbol = Object.keys(symbols).find((item) => text.includes(item));
  const digits = text.replace(/[^\d.,]/g, '');
  const [, whole, cents] = /^(.*?)(?:[.,](\d{2}))?$/.exec(digits) ?? [];
  if (symbol === undefined || !whole) throw new Error(`"${text}" is not a price.`);
  return { amount: Number(`${whole.replace(/[.,]/g, '')}.${cents ?? '0'}`), currency: symbols[symbol]! };
}

export function inEuro({ amount, currency }: Price): number {
  return Math.round(amount * euros[currency]! * 100) / 100;
}

/** `In stock (12)` and `Only 3 left` are that many, everything else is none. */
export function parseStock(text: string): number {
  return Number(/\d+/.exec(text)?.[0] ?? 0);
}
