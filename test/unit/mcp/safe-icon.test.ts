import { expect, it } from 'vitest';
import { toolFromWire } from '../../../src/mcp/mcp-tool.ts';
import { iconAddress, safeIcon } from '../../../src/mcp/safe-icon.ts';

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1]);
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const uri = (type: string, bytes: Buffer) => `data:${type};base64,${bytes.toString('base64')}`;

it('takes the first icon that is a small picture, by its own bytes', () => {
  expect(safeIcon([{ src: uri('image/png', png) }])).toBe(uri('image/png', png));
  expect(safeIcon([{ src: uri('image/svg+xml', svg) }, { src: uri('image/svg+xml', jpeg) }])).toBe(uri('image/jpeg', jpeg));
  expect(toolFromWire({ name: 'a', inputSchema: { type: 'object' }, icons: [{ src: uri('image/png', png) }] })).toMatchObject({ icon: uri('image/png', png) });
});

it.each<readonly [string, unknown]>([
  ['at an address', [{ src: 'https://example.com/icon.png' }]], ['in a file', [{ src: 'file:///etc/passwd' }]], ['that runs', [{ src: 'javascript:alert(1)' }]], ['that is a document', [{ src: uri('image/svg+xml', svg) }]],
  ['that only says it is a picture', [{ src: uri('image/png', svg) }]], ['that is large', [{ src: uri('image/png', Buffer.concat([png, Buffer.alloc(9000)])) }]], ['that is no base64', [{ src: 'data:image/png,%89PNG' }]],
  ['that ends in something else', [{ src: `${uri('image/png', png)}');background:url(https://evil.example` }]], ['of another shape', [{ src: 5 }, null, 'x']], ['that is no list', { src: uri('image/png', png) }], ['behind many others', [...Array.from({ length: 10 }, () => ({ src: 'x' })), { src: uri('image/png', png) }]],
])('shows none %s', (_, icons) => {
  expect(safeIcon(icons)).toBeUndefined();
});

it('tells where an icon lies only where it can be fetched over https and without a password', () => {
  expect(iconAddress([{ src: 'http://example.com/a.png' }, { src: 'https://me:secret@example.com/a.png' }, { src: 'data:image/png;base64,AAAA' }, { src: 'https://example.com/b.png' }])).toBe('https://example.com/b.png');
  expect(iconAddress([{ src: 'javascript:alert(1)' }, { src: 7 }])).toBeUndefined();
  expect(toolFromWire({ name: 'a', inputSchema: { type: 'object' }, icons: [{ src: uri('image/png', png) }, { src: 'https://example.com/b.png' }] })).not.toHaveProperty('iconUrl');
});

it('takes the picture of the server for a tool that names none of its own', () => {
  const [own, server] = [{ src: uri('image/jpeg', jpeg) }, { src: uri('image/png', png) }];
  const iconOf = (icons: { src: string }[] | undefined, serverIcons: unknown) => toolFromWire({ name: 'a', inputSchema: { type: 'object' }, ...(icons === undefined ? {} : { icons }) }, serverIcons);
  expect([iconOf(undefined, [server]).icon, iconOf([], [server]).icon, iconOf([own], [server]).icon]).toEqual([server.src, server.src, own.src]);
  expect(iconOf(undefined, [{ src: 'https://example.com/s.png' }]).iconUrl).toBe('https://example.com/s.png');
  expect(iconOf(undefined, 'x')).not.toHaveProperty('icon');
});
