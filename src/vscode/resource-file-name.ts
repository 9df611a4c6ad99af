import { ownEntry } from '../shared/own-entry.ts';

const endings: Readonly<Record<string, string>> = {
  'text/plain': 'txt', 'text/markdown': 'md', 'text/html': 'html', 'text/css': 'css', 'text/csv': 'csv', 'text/javascript': 'js', 'text/typescript': 'ts', 'text/x-python': 'py', 'application/json': 'json', 'application/yaml': 'yaml',
  'text/yaml': 'yaml', 'application/xml': 'xml', 'text/xml': 'xml', 'image/png': 'png', 'image/jpeg': 'jpg', 'image/gif': 'gif', 'image/webp': 'webp', 'application/pdf': 'pdf',
};

/** The last part of the address, as far as it can be a name; with an ending that says what it is where it has none. */
export function resourceFileName(resource: string, mimeType: string | undefined): string {
  const last = decoded(resource.replace(/[?#].*$/s, '')).split('/').findLast((part) => part !== '') ?? '';
  const name = last.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^\.+/, '').slice(-100) || 'resource';
  const ending = ownEntry(endings, mimeType?.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  return /\.\w{1,8}$/.test(name) || ending === undefined ? name : `${name}.${ending}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
