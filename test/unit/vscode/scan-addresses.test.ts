import { describe, expect, it } from 'vitest';
import { scanAddresses, scanScripts } from '../../../src/vscode/lenses/scan-addresses.ts';

describe('addresses in a text', () => {
  it('are those of this computer, each once, as they can be opened', () => {
    const text = 'See http://localhost:5173/app?x=1.\n[it](http://127.0.0.1:8080) and http://localhost:5173/app?x=1\nhttps://shop.localhost:8443/a, http://0.0.0.0:3000!\nhttp://[::1]:9000/x';
    expect(scanAddresses(text)).toEqual([
      { url: 'http://localhost:5173/app?x=1', line: 0 }, { url: 'http://127.0.0.1:8080', line: 1 }, { url: 'https://shop.localhost:8443/a', line: 2 }, { url: 'http://localhost:3000', line: 2 }, { url: 'http://[::1]:9000/x', line: 3 },
    ]);
  });

  it.each(['http://localhost:${port}/x', 'http://localhost.evil.example/', 'http://localhost-other:80', 'https://example.com', 'http://10.0.0.1:80', 'xhttp://localhost'])('are not taken from %s', (text) => {
    expect(scanAddresses(text)).toEqual([]);
  });

  it('are no more than twenty, and none where a file is large', () => {
    const many = Array.from({ length: 50 }, (_, i) => `http://localhost:${3000 + i}`).join('\n');
    expect(scanAddresses(many)).toHaveLength(20);
    expect(scanAddresses(`${many}\n${'x'.repeat(300_000)}`)).toEqual([]);
  });
});

describe('scripts of a package.json', () => {
  it('are those that serve something, with their lines, also while the file is being written', () => {
    const text = '{\n  "name": "dev",\n  "scripts": {\n    "dev": "vite --port \\"1\\"",\n    "build": "tsc", "preview": "vite preview",\n    "start:web": "x"\n  },\n  "dependencies": { "serve": "1" }\n';
    expect(scanScripts(text)).toEqual([{ name: 'dev', command: 'vite --port "1"', line: 3 }, { name: 'preview', command: 'vite preview', line: 4 }, { name: 'start:web', command: 'x', line: 5 }]);
    expect(scanScripts('{ "name": "x" }')).toEqual([]);
    expect(scanScripts('{"scripts": {"dev": "x')).toEqual([]);
  });
});
