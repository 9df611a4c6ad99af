import { peerModule } from './peer-packages.ts';

interface RunInput {
  readonly source: string;
  readonly hostFunctions?: Readonly<Record<string, Readonly<Record<string, (...args: unknown[]) => unknown>>>>;
  readonly limits?: Readonly<Record<string, number>>;
}

export interface RunPackage {
  readonly run: (input: RunInput) => Promise<{ readonly status: string; readonly value?: unknown }>;
}

export async function loadRun(): Promise<RunPackage> {
  const { run }: RunPackage = await peerModule('run');
  return { run };
}
