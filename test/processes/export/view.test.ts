import { expect, test } from 'vitest';
import { decodeEvent, encodeEvent } from '../../../services/codec/event.ts';
import { openView } from '../../../services/processes/export/view.ts';
import { event } from '../../support/event.ts';
import { full } from '../../support/full-event.ts';
import { taken } from '../../support/taken.ts';

test.each(['tokens', 'clear', 'none'] as const)('%s: a datum is read as its event would be shown', (profile) => {
  const view = openView(profile, Buffer.alloc(32, 7));
  for (const one of [full, event({}), event({ actor_id: full.actor_email, actor_groups: ['', 'staff'] }), full]) {
    const { datum } = encodeEvent(one);
    expect(taken(view.read(datum))).toEqual(view.of(decodeEvent(datum)));
  }
});
