import type { Grant } from './grant.ts';

/** Whether it names one thing and no pattern: one host and port, one tool, one file, one command, one secret. What somebody named exactly was meant; a pattern also covers what nobody thought of. */
export function isExact({ pattern, fromBroader }: Pick<Grant, 'pattern' | 'fromBroader'>): boolean {
  if (fromBroader === true) return false;
  switch (pattern.kind) {
    case 'fs.read':
    case 'fs.write':
    case 'node':
      return pattern.depth === 'exact';
    case 'net':
      return !pattern.subdomains && pattern.port !== undefined;
    case 'exec':
      return !pattern.more && pattern.words.every((word) => word !== undefined);
    case 'mcp':
      return pattern.tool !== undefined;
    case 'model':
    case 'secret':
    case 'package':
      return pattern.name !== undefined;
    case 'browser':
    case 'clock':
    case 'random':
    case 'fn.serve':
      return true;
  }
}
