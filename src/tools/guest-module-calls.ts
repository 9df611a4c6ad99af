/** Of the module `assassin`: calls that programs can end, calls that nobody has to wait for, and what sees to those that are not through. */
export const guestModuleCalls = String.raw`
/** Calls that no program has to wait for, by their numbers. */
const quiet = create(null);

function keepQuiet(number, promise) {
  quiet[number] = promise;
  const done = () => { delete quiet[number]; };
  apply(then, promise, [done, done]);
}

function start(name, args) {
  const signal = typeof args === 'object' && args !== null ? args.signal : undefined;
  return signal !== undefined && signal instanceof AbortSignal ? abortable(name, args, signal) : call(name, args, start);
}

let lastAbortable = 0;

/** A call that the host ends when the signal aborts. */
function abortable(name, args, signal) {
  if (signal.aborted) return Promise.reject(signal.reason);
  const number = ++lastAbortable;
  const answer = call(name, { ...args, signal: undefined, $abort: number }, start);
  const abortedCall = callNumber();
  return new Promise((resolve, reject) => {
    const abort = () => {
      // What the host says to that is waited for instead.
      quiet[abortedCall] = null;
      send('call.abort', { call: number });
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    const over = () => {
      delete quiet[abortedCall];
      signal.removeEventListener('abort', abort);
    };
    apply(then, answer, [(value) => { over(); resolve(value); }, (error) => { over(); reject(error); }]);
  });
}

/** For what nobody has to wait for. */
function send(name, args) {
  const answer = call(name, args, send);
  keepQuiet(callNumber(), answer);
}

export async function __finish() {
  const unanswered = unansweredCall(quiet);
  if (unanswered !== undefined) {
    unanswered.error.message = 'The program ended while ' + unanswered.name + ' was still under way. Put "await" before that call.';
    throw unanswered.error;
  }
  for (const number in quiet) await quiet[number];
}
`;
