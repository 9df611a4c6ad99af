import { peerModule, peerVersion } from './peer-packages.ts';
import type { Contender } from './measure.ts';
import { preludeScript } from './prelude.ts';

interface Isolate {
  createContext(): Promise<{ eval(source: string): Promise<unknown> }>;
  dispose(): void;
}

interface IsolatedVm {
  readonly default: {
    readonly Isolate: {
      new (options: { readonly memoryLimit: number; readonly snapshot: unknown }): Isolate;
      createSnapshot(scripts: readonly { readonly code: string }[]): unknown;
    };
  };
}

/** A fresh isolate from a V8 snapshot that holds the prelude. */
export async function isolatedVm(): Promise<Contender> {
  const { default: vm }: IsolatedVm = await peerModule('isolated-vm');
  const snapshot = vm.Isolate.createSnapshot([{ code: preludeScript }]);
  return {
    name: `${peerVersion('isolated-vm')}, isolate from a V8 snapshot`,
    work: async () => {
      const isolate = new vm.Isolate({ memoryLimit: 64, snapshot });
      const context = await isolate.createContext();
      if (await context.eval('1 + 1') !== 2) throw new Error('It cannot add.');
      isolate.dispose();
    },
  };
}
