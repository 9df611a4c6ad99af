/**
 * Text of strangers, marked as such for the model. The mark protects nothing by itself, a model may be fooled all the same: the gate is what
 * protects. But it keeps honest models from mistaking a page for the person.
 */
export function asData(source: string, text: string): string {
  return `<data source=${JSON.stringify(source)}>\n${text.replace(/<(?=\/?data\b)/gi, '&lt;')}\n</data>`;
}
