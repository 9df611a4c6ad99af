/** A part of a file as text, with a first line that says which part it is. `of`: lines of the whole file, where they were counted. */
export function withLineHeader(text: string, from: number, to: number, of?: number): string {
  return `[lines ${from} to ${to}${of === undefined ? '' : ` of ${of}`}]\n${text}`;
}

/** What `withLineHeader` was given. */
export function withoutLineHeader(text: string): { readonly text: string; readonly to: number } {
  const [header = '', to] = /^\[lines \d+ to (\d+)(?: of \d+)?\]\n/.exec(text) ?? [];
  return { text: text.slice(header.length), to: Number(to) };
}
