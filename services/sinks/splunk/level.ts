import type { Level } from '../../core/sink.ts';

/** `auto`: as strong as the token allows. */
export type AckMode = 'on' | 'off' | 'auto';

/** What the token's answers have shown about acknowledgement. It only grows: once confirmed, never less. */
export class AckLevel {
  readonly mode: AckMode;
  #seen: Level | undefined;
  #channelRefused = false;

  constructor(mode: AckMode) {
    this.mode = mode;
  }

  /** Whether requests name a channel, which asks for an ackId. */
  get asks(): boolean {
    return this.mode !== 'off' && !this.#channelRefused;
  }

  /** Whether HEC's word that it took events is enough: declared by `off`, or shown by a token without acknowledgement. */
  get acceptedIsEnough(): boolean {
    return this.mode === 'off' || (this.mode === 'auto' && this.#seen === 'accepted');
  }

  sawAckId(): void {
    this.#seen = 'indexed';
  }

  /** Events were taken and no ackId was given. */
  sawNone(): void {
    this.#seen ??= 'accepted';
  }

  /** Nothing was taken, as acknowledgement is disabled. Returns whether it is worth asking without. */
  sawDisabled(): boolean {
    if (this.mode !== 'auto' || this.#seen === 'indexed') return false;
    this.#channelRefused = true;
    return true;
  }

  /** Nothing was taken, as Splunk saw no channel. Returns whether the next request will name the one this did not. */
  sawChannelMissing(named: boolean): boolean {
    this.#channelRefused = false;
    return !named && this.asks;
  }
}
