import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';

/** A part whose code is loaded when it is first shown: the first sight of the panel does not wait for it. A load that fails is told by the boundary around it. */
export function Later({ load }: { readonly load: () => Promise<ComponentType> }) {
  const state = useSignal<{ readonly View?: ComponentType; readonly failure?: unknown }>({});
  useEffect(() => {
    load().then((View) => (state.value = { View }), (failure: unknown) => (state.value = { failure }));
  }, []);
  const { View, failure } = state.value;
  if (failure !== undefined) throw failure;
  return View === undefined ? <p class="hint later" aria-busy="true">{l10n.t('Loading…')}</p> : <View />;
}
