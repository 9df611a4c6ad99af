import { isServerScript } from '../../tools/verify-request.ts';

export interface FoundAddress {
  readonly url: string;
  /** Counts from 0, as the editor's positions do. */
  readonly line: number;
}

export interface FoundScript {
  readonly name: string;
  readonly command: string;
  readonly line: number;
}

/** Longer files are generated more often than written, and are not looked at. */
const maxCharacters = 200 * 1024;
const maxLine = 2000;
/** A log full of addresses needs no lens for each. */
const maxFound = 20;

/** Addresses of this computer only: what lies on the network is opened by name, with the command. A template such as localhost:${port} is none. */
const loopback = /\bhttps?:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0|[a-z\d-]+\.localhost)(?::\d{1,5})?(?![\w:$-]|\.\w)(?:[/?#][^\s"'`<>()[\]{}\\,;|]*)?/gi;

/** Each address of this computer where it first stands in a text. */
export function scanAddresses(text: string): readonly FoundAddress[] {
  if (text.length > maxCharacters) return [];
  const found = new Map<string, FoundAddress>();
  for (const [line, content] of text.split('\n').entries()) {
    if (content.length > maxLine || !content.includes('://')) continue;
    for (const [match] of content.matchAll(loopback)) {
      const url = match.replace('0.0.0.0', 'localhost').replace(/[.:!?*]+$/, '');
      if (URL.canParse(url) && !found.has(url) && found.size < maxFound) found.set(url, { url, line });
    }
  }
  return [...found.values()];
}

/** The scripts of a package.json that serve something, with the lines on which they stand. */
export function scanScripts(text: string): readonly FoundScript[] {
  if (text.length > maxCharacters) return [];
  const begin = /^[ \t]*"scripts"[ \t]*:[ \t]*\{/m.exec(text);
  if (!begin) return [];
  const end = text.indexOf('}', begin.index);
  const before = text.slice(0, begin.index).split('\n').length - 1;
  return text.slice(begin.index, end < 0 ? undefined : end).split('\n').flatMap((content, i) => [...content.matchAll(/"([\w:.-]+)"[ \t]*:[ \t]*("(?:[^"\\]|\\.)*")/g)].flatMap(([, name = '', quoted = '']) =>
    (isServerScript(name) ? [{ name, command: parsed(quoted), line: before + i }] : [])));
}

/** As the file says it, while it is being written too. */
function parsed(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
