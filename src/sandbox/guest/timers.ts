/** Timers live as long as the run. The host keeps the time, the guest the callbacks. */
export const timers = String.raw`
const maxTimers = 1000;
const timerEntries = create(null);
let lastTimer = 0, timerCount = 0;

function startTimer(callback, delay, args, repeat) {
  if (typeof callback !== 'function') throw new TypeError('A timer needs a function.');
  if (timerCount >= maxTimers) throw new RangeError('More than ' + maxTimers + ' timers are running.');
  const ms = +delay;
  const id = ++lastTimer;
  timerEntries[id] = { callback, args, repeat, ms: ms > 0 && ms < 0x7fffffff ? ms : 0 };
  timerCount++;
  send('timer', id, '' + timerEntries[id].ms, '');
  return id;
}

function stopTimer(id) {
  if (typeof id !== 'number' || timerEntries[id] === undefined) return;
  delete timerEntries[id];
  timerCount--;
  send('timer-stop', id, '', '');
}

function fireTimer(id) {
  const entry = timerEntries[id];
  if (entry === undefined) return;
  if (entry.repeat) send('timer', id, '' + (entry.ms < 1 ? 1 : entry.ms), '');
  else {
    delete timerEntries[id];
    timerCount--;
  }
  apply(entry.callback, undefined, entry.args);
}

offer('setTimeout', function setTimeout(callback, delay, ...args) { return startTimer(callback, delay, args, false); });
offer('setInterval', function setInterval(callback, delay, ...args) { return startTimer(callback, delay, args, true); });
offer('clearTimeout', function clearTimeout(id) { stopTimer(id); });
offer('clearInterval', function clearInterval(id) { stopTimer(id); });

const settled = Promise.resolve();
const then = Promise.prototype.then;
offer('queueMicrotask', function queueMicrotask(callback) {
  if (typeof callback !== 'function') throw new TypeError('queueMicrotask needs a function.');
  apply(then, settled, [() => { try { callback(); } catch (error) { fail(error); } }]);
});
`;
