import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { toErrorInfo, type ErrorInfo } from '../../src/shared/errors.ts';

export type Loaded<T> = { readonly state: 'loading' } | { readonly state: 'loaded'; readonly value: T } | { readonly state: 'failed'; readonly error: ErrorInfo };

/** What `load` gives for the key; a late answer for an earlier key is dropped. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const loaded = useSignal<Loaded<T>>({ state: 'loading' });
  useEffect(() => {
    let current = true;
    loaded.value = { state: 'loading' };
    load().then(
      (value) => { if (current) loaded.value = { state: 'loaded', value }; },
      (error: unknown) => { if (current) loaded.value = { state: 'failed', error: toErrorInfo(error) }; },
    );
    return () => { current = false; };
  }, [key]);
  return loaded.value;
}
