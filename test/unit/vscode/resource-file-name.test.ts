import { expect, it } from 'vitest';
import { resourceFileName } from '../../../src/vscode/resource-file-name.ts';

it.each<readonly [string, string | undefined, string]>([
  ['demo://resource/static/features.md', 'text/markdown', 'features.md'], ['notes://today', 'text/plain', 'today.txt'], ['notes://today', 'text/plain; charset=utf-8', 'today.txt'], ['notes://today', undefined, 'today'],
  ['https://example.com/a/logo?size=2#top', 'image/png', 'logo.png'], ['file:///a%20b.json', undefined, 'a b.json'], ['x://', 'application/json', 'x_.json'], ['x:', undefined, 'x_'], ['notes://today', 'constructor', 'today'],
])('%s of the type %s is called %s', (resource, type, name) => {
  expect(resourceFileName(resource, type)).toBe(name);
});

it.each(['x://a/../../etc/passwd', 'x://a/%2e%2e%2f%2e%2e%2fetc', 'x://a/..', 'x://a/\\..\\b', 'x://a/%E0%A4%A', `x://${'n'.repeat(500)}`])('%s leads to no other folder and is not too long', (resource) => {
  const name = resourceFileName(resource, undefined);
  expect(name).not.toMatch(/[\\/]|^\./);
  expect(name.length).toBeGreaterThan(0);
  expect(name.length).toBeLessThanOrEqual(100);
});
