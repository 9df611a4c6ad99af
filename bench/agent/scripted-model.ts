import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ModelProcess extends AsyncDisposable {
  readonly baseUrl: string;
}

/** Starts a model that asks for one line of a file in each of so many turns and then answers, each time at once or after so many ms. */
export async function startModel(turns: number, delayMs = 0): Promise<ModelProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('model-process.ts', import.meta.url)), String(turns), String(delayMs)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    baseUrl: line,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
