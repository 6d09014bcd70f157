import { type Asked, ask, type Said } from './asking.ts';
import { files, type Look, tables, topic } from './looking.ts';
import { type Extent, load } from './messages.ts';
import { openSearch } from './needles.ts';
import { OTHER_TOPICS, openSite, RAW_TOPICS, type Site } from './site.ts';
import type { Sown } from './sowing.ts';

/** A canary that was found where it must not be. */
export interface Leak {
  readonly kind: string;
  readonly format: string;
  readonly path: string;
  readonly place: string;
  readonly form: string;
  /** What was planted: made up, as everything here. */
  readonly text: string;
  /** What stands around the piece that was found. */
  readonly around: string;
}

export interface CanaryRun {
  readonly messages: number;
  readonly canaries: number;
  readonly kinds: number;
  readonly formats: number;
  /** Canaries the raw topics hold: those that were sent, or the search is blind. */
  readonly sent: number;
  readonly inRawTopics: number;
  /** What was searched, by kind of place. */
  readonly searched: Readonly<
    Record<'rows' | 'records' | 'events at receivers' | 'answers' | 'files' | 'bytes', number>
  >;
  readonly received: ReadonlyMap<string, number>;
  readonly leaks: readonly Leak[];
}

/** Plants canaries, runs the pipeline over them, and looks for them everywhere. */
export async function canaryRun(extent: Extent): Promise<CanaryRun> {
  const sowing = load(extent, Date.now());
  const site = await openSite();
  try {
    await site.feed(sowing);
    await site.settled();
    const asked = await ask(site, sowing, extent.seed + 1);
    await site.settled();
    const code = await site.up.stop();
    if (code !== 0) throw new Error(`up ended with ${code}`);
    const sown = [...sowing.sown, ...asked.sown];
    const looked = await look(site, asked, sown);
    const own = new Set(sown.keys().drop(sowing.sown.length));
    return {
      messages: sowing.messages.length,
      canaries: sown.length,
      kinds: new Set(sown.map(({ kind }) => kind)).size,
      formats: new Set(sowing.messages.map(({ format }) => format)).size,
      sent: sowing.sown.length,
      inRawTopics: [...looked.raw].filter((of) => !own.has(of)).length,
      searched: looked.searched,
      received: looked.received,
      leaks: looked.leaks,
    };
  } finally {
    await site.close();
  }
}

async function look(site: Site, asked: Asked, sown: readonly Sown[]) {
  const { add, search } = openSearch();
  for (const [of, { pieces }] of sown.entries()) for (const piece of pieces) add(of, piece);
  const raw = new Set<number>();
  const leaks: Leak[] = [];
  const searched = { rows: 0, records: 0, 'events at receivers': 0, answers: 0, files: 0, bytes: 0 };

  const visit = ({ place, bytes }: Look, question = ''): void => {
    searched.bytes += bytes.length;
    for (const { of, form, at } of search(bytes)) {
      const canary = sown[of];
      if (canary === undefined || question.includes(canary.text)) continue;
      const around = bytes.toString('latin1', Math.max(0, at - 80), at + 60);
      leaks.push({ ...canary, place, form, around });
    }
  };

  for (const name of RAW_TOPICS)
    for (const { bytes } of await topic(site.log, name)) for (const { of } of search(bytes)) raw.add(of);
  for (const name of OTHER_TOPICS)
    for (const one of await topic(site.log, name)) {
      searched.records += 1;
      visit(one);
    }
  const received = new Map<string, number>();
  for (const [name, { count, text }] of site.receivers.held()) {
    received.set(name, count);
    searched['events at receivers'] += count;
    visit({ place: `receiver ${name}`, bytes: Buffer.from(text) });
  }
  const log: Said = { place: 'log of up', text: site.up.said() };
  for (const { place, text, question } of [...asked.said, log]) {
    searched.answers += 1;
    visit({ place, bytes: Buffer.from(text) }, question);
  }
  for (const one of files(site.data)) {
    searched.files += 1;
    visit(one);
  }
  searched.rows = await tables(site.data, visit);
  return { raw, leaks, searched, received };
}
