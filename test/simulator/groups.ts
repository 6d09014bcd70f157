import type { Source, Subscription } from '../../services/core/log.ts';
import { follow, type Handle, type Lane, type Member } from './lane.ts';
import type { Brokers } from './log.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** How long the group believes in a member it does not hear of. */
const SESSION_MS = 8_000;

/**
 * Consumer groups. A partition has one owner at a time; one that was given up may not know it, goes on for a while, and its
 * commits are turned down.
 */
export class Groups {
  private readonly members = new Map<string, Member[]>();
  private readonly owners = new Map<string, Member>();
  private deals = 0;
  readonly world: World;
  readonly brokers: Brokers;
  private readonly late: number;

  /** `late`: how many members learn late that a group was dealt anew. */
  constructor(world: World, brokers: Brokers, late: number) {
    this.world = world;
    this.brokers = brokers;
    this.late = late;
  }

  subscribe(process: Process, subscription: Subscription): Source {
    return { run: (handle, signal) => this.run(process, subscription, handle, signal) };
  }

  names(): readonly string[] {
    return [...this.members.keys()];
  }

  /** Deals the partitions of a group anew. Members learn of it one after the other; `gainingLate`: how many of those who gain one late. */
  rebalance(group: string, gainingLate = this.late): void {
    const members = this.members.get(group) ?? [];
    const { random } = this.world;
    const generation = ++this.deals;
    this.world.tell('group', () => `${group} is dealt to ${members.map(({ process }) => process.name).join(', ')}`);
    const dealt = new Map<Member, Lane[]>();
    const gaining = new Set<Member>();
    for (const topic of new Set(members.flatMap(({ subscription }) => subscription.topics)))
      for (const partition of this.brokers.partitions(topic).keys()) {
        const able = members.filter(({ subscription }) => subscription.topics.includes(topic));
        const owner = able[random.below(able.length)];
        if (owner === undefined) continue;
        const place = `${group} ${topic}/${partition}`;
        if (this.owners.get(place) !== owner) gaining.add(owner);
        this.owners.set(place, owner);
        const lane = { topic, partition, held: new AbortController(), isRevoked: false };
        dealt.set(owner, [...(dealt.get(owner) ?? []), lane]);
      }
    for (const member of members) {
      const lanes = dealt.get(member) ?? [];
      const told = () => this.assign(member, lanes, generation);
      member.process.deliver(
        random.chance(gaining.has(member) ? gainingLate : this.late) ? random.below(4_000) : random.below(5),
        told,
      );
    }
  }

  private async run(process: Process, subscription: Subscription, handle: Handle, signal: AbortSignal): Promise<void> {
    const ended = Promise.withResolvers<void>();
    const fail = ended.reject;
    const member: Member = {
      process,
      subscription,
      handle,
      lanes: [],
      running: new Set(),
      isLeaving: false,
      generation: 0,
      fail,
    };
    const stop = () => {
      member.isLeaving = true;
      for (const { held } of member.lanes) held.abort(signal.reason);
      Promise.all(member.running).then(() => ended.resolve(), ended.reject);
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    else this.join(member);
    process.onDeath(() => this.world.in(this.world.random.below(SESSION_MS), () => this.leave(member)));
    try {
      await ended.promise;
    } finally {
      member.isLeaving = true;
      signal.removeEventListener('abort', stop);
      for (const lane of member.lanes) revoke(lane);
      this.leave(member);
    }
  }

  private join(member: Member): void {
    const { group } = member.subscription;
    this.members.set(group, [...(this.members.get(group) ?? []), member]);
    this.rebalance(group);
    this.listen(member);
  }

  private leave(member: Member): void {
    const { group } = member.subscription;
    const members = this.members.get(group) ?? [];
    if (!members.includes(member)) return;
    this.members.set(
      group,
      members.filter((one) => one !== member),
    );
    this.rebalance(group);
  }

  /** Counts a member out that stands still; awake again, it learns of it after a while and joins anew. */
  private listen(member: Member): void {
    this.world.in(
      SESSION_MS,
      () => {
        if (member.process.isDead || member.isLeaving) return;
        if (!member.process.isPaused) return this.listen(member);
        this.leave(member);
        member.process.deliver(0, () =>
          member.process.deliver(this.world.random.below(4_000), () => this.rejoin(member)),
        );
      },
      true,
    );
  }

  rejoin(member: Member): void {
    if (member.isLeaving || member.process.isDead) return;
    const { group } = member.subscription;
    for (const lane of member.lanes) revoke(lane);
    if (this.members.get(group)?.includes(member)) this.rebalance(group);
    else this.join(member);
  }

  private assign(member: Member, lanes: Lane[], generation: number): void {
    if (member.isLeaving || generation < member.generation) return;
    member.generation = generation;
    for (const lane of member.lanes) revoke(lane);
    member.lanes = lanes;
    for (const lane of lanes) {
      const running = follow(this, member, lane)
        .catch((error: unknown) => {
          if (!lane.held.signal.aborted) member.fail(error);
        })
        .finally(() => member.running.delete(running));
      member.running.add(running);
    }
  }

  isOwner(member: Member, { topic, partition, isRevoked }: Lane): boolean {
    const { group } = member.subscription;
    const isMember = this.members.get(group)?.includes(member) === true;
    return isMember && !isRevoked && this.owners.get(`${group} ${topic}/${partition}`) === member;
  }
}

function revoke(lane: Lane): void {
  lane.isRevoked = true;
  lane.held.abort(new Error('the group was dealt anew'));
}
