import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { growth, type SoakSample } from '../../soak/browser-soak.ts';

describe('many throwaway browsers in a row', () => {
  it.each(['process', 'context'])('leave memory, handles, processes and the temporary folder as they were (isolation "%s")', async (isolation) => {
    const soak = spawn(process.execPath, ['--expose-gc', join(import.meta.dirname, '../../soak/main.ts'), 'browser', '--count', '20', '--isolation', isolation, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said = text(soak.stdout);
    const [code] = await once(soak, 'exit') as [number | null];
    expect(JSON.parse(await said)).toMatchObject({ count: 20, grown: [] });
    expect(code).toBe(0);
  }, 120_000);

  it('would be told apart from some that leave something', () => {
    const flat: SoakSample = { done: 1, heapMiB: 20, rssMiB: 90, handles: 30, temporary: 0, processes: 0 };
    expect(growth([flat, flat, flat])).toEqual([]);
    expect(growth([flat, flat, { ...flat, heapMiB: 30 }])).toEqual(['the heap from 20.0 to 30.0 MiB']);
    expect(growth([flat, flat, { ...flat, done: 500, rssMiB: 150 }])).toEqual(['resident memory from 90 to 150 MiB']);
    expect(growth([flat, flat, { ...flat, handles: 60 }])).toHaveLength(1);
    expect(growth([flat, { ...flat, processes: 1 }, flat])).toHaveLength(1);
    expect(growth([{ ...flat, temporary: 1 }, flat, flat])).toHaveLength(1);
    expect(growth([flat])).toHaveLength(1);
  });
});
