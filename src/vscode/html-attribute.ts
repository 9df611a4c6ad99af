const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it may stand between double quotes in HTML. */
export const attribute = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '');
