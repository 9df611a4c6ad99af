/** A number without its fraction, with the thousands apart: `1,234`. */
export const wholeNumber = (value: number): string => Math.round(value).toLocaleString('en-US');
