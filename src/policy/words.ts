/** One word of a command as written: `quoted` ones are never wildcards. */
export interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

/** What a shell would read as more than a word. There is no shell here, so whoever writes it expects something that will not happen. */
const shellSyntax = /[;&|<>$`(){}'"\n\r]/;

/**
 * Splits a command into words: bare words, `'...'` as it stands, `"..."` as a JSON string. Gives back what is wrong as the end of a sentence.
 * What a shell would interpret must be quoted.
 */
export function splitWords(command: string): readonly Word[] | string {
  const words: Word[] = [];
  const token = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s]+))(?=\s|$)/gy;
  const text = command.trim();
  while (token.lastIndex < text.length) {
    const start = token.lastIndex;
    const parts = token.exec(text);
    if (!parts) return `its quotes are not closed after "${text.slice(0, start).trim()}"`;
    const [, double, single, bare] = parts;
    if (bare !== undefined) {
      if (shellSyntax.test(bare)) return `${JSON.stringify(bare)} is for a shell, and no shell reads it; quote it if it is meant as it stands`;
      words.push({ text: bare, quoted: false });
    } else {
      const value = single ?? unescaped(double ?? '');
      if (value === undefined) return `"${double}" is not a JSON string`;
      words.push({ text: value, quoted: true });
    }
  }
  return words;
}

function unescaped(text: string): string | undefined {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return undefined;
  }
}
