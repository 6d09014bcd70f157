import { Process } from './process.ts';
import { type Outside, open, type Role } from './roles.ts';
import type { World } from './world.ts';

const DRAIN_MS = 60_000;
/** What a process may end with while things fail: what the doubles say, and that it was told to. */
const PASSING = new Set(['PortFailure', 'ClickHouseFailure', 'AbortError']);

/** Where a process runs, and is started again whenever it ends. */
export class Host {
  private readonly name: string;
  private readonly roles: readonly Role[];
  private readonly world: World;
  private readonly outside: Outside;
  private readonly breach: (words: string) => void;
  private starts = 0;
  private hasEnded = false;
  private running: { readonly process: Process; readonly stop: AbortController } | undefined;

  constructor(name: string, roles: readonly Role[], world: World, outside: Outside, breach: Host['breach']) {
    this.name = name;
    this.roles = roles;
    this.world = world;
    this.outside = outside;
    this.breach = breach;
  }

  get process(): Process | undefined {
    return this.running?.process.isDead === false ? this.running.process : undefined;
  }

  has(role: Role): boolean {
    return this.roles.includes(role);
  }

  start(): void {
    if (this.hasEnded) return;
    const { world } = this;
    const process = new Process(`${this.name}#${++this.starts}`, world, this.outside.faults);
    const stop = new AbortController();
    this.running = { process, stop };
    world.tell(process.name, () => 'starts');
    process.onDeath(() => world.in(300 + world.random.below(3_000), () => this.start()));
    const runs = this.roles
      .flatMap((role) => open(role, process, this.outside))
      .map(async (run) => {
        await run(stop.signal);
        if (!stop.signal.aborted) this.breach(`${process.name}: a part ended by itself`);
      });
    Promise.all(runs).then(
      () => process.die('has ended'),
      (error: unknown) => this.failed(process, stop.signal, error),
    );
  }

  /** Asks the process to end by itself; one that does not in time is killed. */
  stop(): void {
    const { running } = this;
    if (running === undefined || running.process.isDead) return;
    this.world.tell(running.process.name, () => 'is asked to stop');
    running.stop.abort(new DOMException('asked to stop', 'AbortError'));
    this.world.in(DRAIN_MS, () => running.process.die('did not drain'));
  }

  /** Ends the process at once if it has a role. */
  kill(role: Role): void {
    if (this.has(role)) this.process?.die('killed');
  }

  end(): void {
    this.hasEnded = true;
    this.running?.process.die('the seed is over');
  }

  private failed(process: Process, asked: AbortSignal, error: unknown): void {
    if (process.isDead) return;
    const { name, message } = error instanceof Error ? error : { name: 'unknown error', message: String(error) };
    const isPassing = PASSING.has(name) || (asked.aborted && error === asked.reason);
    if (!isPassing) this.breach(`${process.name} stops with ${name}: ${message}`);
    process.die(`${name}: ${message}`);
  }
}
