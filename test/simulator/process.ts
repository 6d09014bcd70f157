import type { Clock } from '../../services/core/clock.ts';
import type { Faults, Port } from './faults.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** What a double answers when it fails. The drivers' own errors are theirs to test; here any error is an unknown answer. */
export class PortFailure extends Error {
  override readonly name = 'PortFailure';
}

/** What is done where a request arrives. A yield is a moment at which it may be cut off, or be slow. */
export type Act<T> = () => Generator<void, T>;

/** Longest that a request whose answer was given up is under way before it is done after all. */
const LATE_MS = 40_000;

const lateMs = (random: Random): number => random.below(random.pick([3_000, LATE_MS]));

/**
 * One process while it lives. Everything it asks of the outside goes through `call`, everything that comes back through
 * `deliver`: when it dies nothing more reaches it or leaves it, and what is left is what the doubles hold.
 */
export class Process {
  readonly name: string;
  readonly world: World;
  readonly clock: Clock;
  isDead = false;
  /** Half of the machines are never slow. */
  private readonly isSlow: boolean;
  /** How far its clock is off. */
  skewMs = 0;
  private pausedUntil = 0;
  private laboursUntil = 0;
  private readonly faults: Faults;
  private readonly died: (() => void)[] = [];

  constructor(name: string, world: World, faults: Faults) {
    this.name = name;
    this.world = world;
    this.faults = faults;
    this.isSlow = world.random.chance(0.5);
    this.clock = {
      now: () => new Date(world.date.getTime() + this.skewMs),
      sleep: (ms, signal) => this.sleep(ms, signal),
    };
  }

  get isPaused(): boolean {
    return this.pausedUntil > this.world.now;
  }

  /** Stands still, as a machine that swaps or a container that is frozen: what it asked for goes on without it. */
  pause(ms: number): void {
    this.pausedUntil = this.world.now + ms;
    this.world.tell(this.name, () => `stands still for ${ms} ms`);
  }

  /** Gets on, but slowly: whatever it asks takes its time. */
  labour(ms: number): void {
    this.laboursUntil = this.world.now + ms;
    this.world.tell(this.name, () => `labours for ${ms} ms`);
  }

  onDeath(run: () => void): void {
    this.died.push(run);
  }

  die(why: string): void {
    if (this.isDead) return;
    this.isDead = true;
    this.world.tell(this.name, () => `dies: ${why}`);
    for (const run of this.died) run();
  }

  deliver(ms: number, run: () => void): void {
    this.world.in(ms, () => {
      if (this.isDead) return;
      if (this.isPaused) this.deliver(this.pausedUntil - this.world.now, run);
      else run();
    });
  }

  private latencyMs(): number {
    const labour = this.laboursUntil > this.world.now ? 20 + this.world.random.below(300) : 0;
    return labour + this.faults.latencyMs(this.isSlow);
  }

  /** A request that is done at once, wholly or not at all. */
  ask<T>(port: Port, what: string, read: () => T, failure?: () => Error): Promise<T> {
    const act = function* (): Generator<void, T> {
      yield;
      return read();
    };
    return this.call(port, what, act, failure);
  }

  /** One request. Rejects with what `act` throws, or with `failure()` where no answer tells what was done. */
  call<T>(port: Port, what: string, act: Act<T>, failure: () => Error = () => new PortFailure(what)): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.isDead) return promise;
    const { world, faults } = this;
    const fate = faults.fate(port);
    if (fate.kind !== 'done')
      world.tell(this.name, () => `${what}: ${fate.kind === 'crash' ? `crash ${fate.when}` : fate.kind}`);
    const fail = () => reject(failure());
    switch (fate.kind) {
      case 'done':
        this.perform(what, act, 0, (settle) => this.deliver(this.latencyMs(), settle), resolve, reject);
        break;
      case 'refused':
        this.deliver(this.latencyMs(), fail);
        break;
      case 'unknown': {
        const isLate = world.random.chance(0.3);
        if (world.random.chance(0.8)) this.perform(what, this.cut(act), isLate ? lateMs(world.random) : 0);
        this.deliver(isLate ? world.random.below(2_000) : this.latencyMs() + 10, fail);
        break;
      }
      case 'hanging':
        if (world.random.chance(0.5)) this.perform(what, this.cut(act), lateMs(world.random));
        break;
      case 'crash':
        this.crash(fate.when, what, act);
    }
    return promise;
  }

  private crash(when: 'before' | 'during' | 'after', what: string, act: Act<unknown>): void {
    const { world } = this;
    const die = () => this.die(`at ${what}`);
    if (when === 'after') this.perform(what, act, 0, die);
    else {
      const afterMs = world.random.chance(0.3) ? lateMs(world.random) : world.random.below(20);
      if (when === 'during') this.perform(what, this.cut(act), afterMs);
      world.in(when === 'before' ? 0 : this.latencyMs(), die);
    }
  }

  /** Does what was asked, one step after another, whoever still listens. */
  private perform<T>(
    what: string,
    act: Act<T>,
    afterMs: number,
    ended: (settle: () => void) => void = () => {},
    resolve: (value: T) => void = () => {},
    reject: (error: unknown) => void = () => {},
  ): void {
    const { world } = this;
    const steps = act();
    world.underWay++;
    const step = () => {
      try {
        const { done, value } = steps.next();
        if (done !== true) return world.in(this.latencyMs(), step, true);
        world.tell(this.name, () => what);
        ended(() => resolve(value));
      } catch (error) {
        ended(() => reject(error));
      }
      world.underWay--;
    };
    world.in(afterMs + this.latencyMs(), step, true);
  }

  /** The same, but for what may be missing from its end. It arrives, or a statement would be under way for ever. */
  private cut<T>(act: Act<T>): Act<T | undefined> {
    const { random } = this.world;
    if (random.chance(0.5)) return act;
    let left = 1 + random.below(2);
    return () => {
      const steps: Generator<void, T | undefined> = act();
      return (function* () {
        while (left-- > 0) {
          const { done, value } = steps.next();
          if (done === true) return value;
          yield;
        }
        return steps.return(undefined).value ?? undefined;
      })();
    };
  }

  private sleep(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal.aborted) return Promise.reject(signal.reason);
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    this.deliver(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    return promise;
  }
}
