import type { Mapped } from '../../core/format.ts';
import type { Flat } from '../flat.ts';

/** The peer's address without its port; with it, it stays where it is. */
export function clientOf(read: Flat): Pick<Mapped, 'client_address'> {
  const [, six, four] = /^(?:\[([0-9a-fA-F:.%]+)\]|([0-9.]+)):\d+$/.exec(read.word('src.addr') ?? '') ?? [];
  return { client_address: six ?? four };
}
