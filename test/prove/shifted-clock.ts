import { readFileSync } from 'node:fs';

/**
 * `node --import test/prove/shifted-clock.ts …` with the name of a file in SHIFTED_CLOCK: the process sees the time of the
 * machine and as many hours more as the file says, whenever it says another number. Timers and the engine, which are not
 * JavaScript's Date, keep the machine's time, as timers do where a machine's clock is set.
 */
const EVERY_MS = 200;
const HOUR_MS = 3_600_000;

const file = process.env.SHIFTED_CLOCK;
if (file === undefined) throw new Error('SHIFTED_CLOCK names no file');

const read = (): number => Number(readFileSync(file, 'utf8')) * HOUR_MS;
let shift = read();
setInterval(() => {
  shift = read();
}, EVERY_MS).unref();

const Machine = globalThis.Date;
const now = (): number => Machine.now() + shift;

globalThis.Date = new Proxy(Machine, {
  construct: (target, given, subject) => Reflect.construct(target, given.length === 0 ? [now()] : given, subject),
  apply: (target) => new target(now()).toString(),
  get: (target, name, subject) => (name === 'now' ? now : Reflect.get(target, name, subject)),
});
