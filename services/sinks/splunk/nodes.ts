import type { Channel } from './channel.ts';

/** How long a node that failed is passed over while another one stands ready. */
const REST_MS = 30_000;

/** One HEC endpoint. Acknowledgements are known to the node that took the events: channel and cookie belong to it. */
export class Node {
  readonly url: string;
  readonly #open: (node: Node) => Channel;
  #channel: Channel | undefined;
  #cookie: string | undefined;
  #restsUntil = 0;

  constructor(url: string, open: (node: Node) => Channel) {
    this.url = url.replace(/\/+$/, '');
    this.#open = open;
  }

  /** The same one as long as it serves. */
  channel(): Channel {
    if (this.#channel === undefined || this.#channel.left) this.#channel = this.#open(this);
    return this.#channel;
  }

  /** The session a load balancer has put us in: polls must reach the indexer that took the events. */
  get session(): Readonly<Record<string, string>> {
    return this.#cookie === undefined ? {} : { cookie: this.#cookie };
  }

  /** Keeps a session the answer opens. */
  join(response: Response): void {
    const cookies = response.headers.getSetCookie().map((each) => each.split(';', 1)[0]);
    if (cookies.length > 0) this.#cookie = cookies.join('; ');
  }

  rest(now: Date): void {
    this.#restsUntil = now.getTime() + REST_MS;
  }

  rests(now: Date): boolean {
    return now.getTime() < this.#restsUntil;
  }

  close(): void {
    this.#channel?.close();
  }
}

/** Takes turns, one request each, passing over nodes that rest unless all do. */
export class Nodes {
  readonly #nodes: readonly Node[];
  #turn = 0;

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  next(now: Date): Node {
    const at = this.#turn++ % this.#nodes.length;
    const inTurn = [...this.#nodes.slice(at), ...this.#nodes.slice(0, at)];
    const node = inTurn.find((each) => !each.rests(now)) ?? inTurn[0];
    if (node === undefined) throw new RangeError('no HEC endpoint');
    return node;
  }

  close(): void {
    for (const node of this.#nodes) node.close();
  }
}
