import { options } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** True while the page is printed: what is closed on the screen is open on paper. */
export function usePrinting(): boolean {
  const printing = useSignal(false);
  useEffect(() => {
    const begin = () => atOnce(() => (printing.value = true));
    const end = () => (printing.value = false);
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
    };
  }, []);
  return printing.value;
}

/** The browser takes the page as it stands when the event is over: what is drawn a moment later is not on paper. */
function atOnce(change: () => void): void {
  const before = options.debounceRendering;
  options.debounceRendering = (render) => render();
  try {
    change();
  } finally {
    if (before === undefined) delete options.debounceRendering;
    else options.debounceRendering = before;
  }
}
