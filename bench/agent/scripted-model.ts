import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ModelProcess extends AsyncDisposable {
  readonly baseUrl: string;
}

/** Starts the zero-delay model, which asks for one line of a file in each of so many turns and then answers. */
export async function startModel(turns: number): Promise<ModelProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('model-process.ts', import.meta.url)), String(turns)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    baseUrl: line,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
