import { BLUE, ORANGE, thresholds, VERMILLION } from '../colours.ts';
import { people, SHOWN } from '../filters.ts';
import { line, type Section } from '../layout.ts';
import { stat } from '../panels.ts';
import { BYPASSED, GUARDED } from './signs.ts';

const neutral = thresholds(BLUE);

export const glance: Section = {
  id: 100,
  title: 'At a glance',
  lines: [
    line(
      4,
      stat({
        id: 101,
        title: 'Events',
        description: 'Everything the trail holds for the choices above, questions to the trail itself included.',
        unit: 'locale',
        steps: neutral,
        sql: `SELECT count() AS events FROM audit.trail\nWHERE ${SHOWN}`,
      }),
      stat({
        id: 102,
        title: 'People',
        description: 'Different actors. Where a source knows no address, its own id of the person counts.',
        unit: 'locale',
        steps: neutral,
        sql: `SELECT ${people()} AS people FROM audit.trail\nWHERE ${SHOWN}`,
      }),
      stat({
        id: 103,
        title: 'Denied',
        description:
          'Acts that a policy or a person refused. A few are what controls are for; a sudden rise wants a look.',
        unit: 'locale',
        steps: neutral,
        sql: `SELECT countIf(outcome = 'denied') AS denied FROM audit.trail\nWHERE ${SHOWN}`,
      }),
      stat({
        id: 104,
        title: 'Permission bypasses',
        description: 'Events that switched permission checks off, or happened while they were off. None is expected.',
        unit: 'locale',
        steps: thresholds(BLUE, [1, VERMILLION]),
        sql: `SELECT countIf(${BYPASSED}) AS bypasses FROM audit.trail\nWHERE ${SHOWN}`,
      }),
    ),
    line(
      4,
      stat({
        id: 105,
        title: 'Guardrail hits',
        description: 'Events on which a guardrail flagged, blocked or masked something.',
        unit: 'locale',
        steps: neutral,
        sql: `SELECT countIf(${GUARDED}) AS hits FROM audit.trail\nWHERE ${SHOWN}`,
      }),
      stat({
        id: 106,
        title: 'Secrets masked',
        description: 'Credentials found in texts and replaced before anything was stored. Rotate those that were real.',
        unit: 'locale',
        steps: thresholds(BLUE, [1, ORANGE]),
        sql: `SELECT sum(secrets_masked) AS secrets FROM audit.trail\nWHERE ${SHOWN}`,
      }),
      stat({
        id: 107,
        title: 'Without a person',
        description:
          'Share of events of which nothing says who acted. Above 5% it colours: more sources need a claim or a directory.',
        unit: 'percentunit',
        steps: thresholds(BLUE, [0.05, ORANGE], [0.2, VERMILLION]),
        sql: `SELECT countIf(actor_confidence = 'none') / nullIf(count(), 0) AS share FROM audit.trail\nWHERE ${SHOWN}`,
      }),
      stat({
        id: 108,
        title: 'In quarantine',
        description:
          'Messages received in this time that no format could take. The choices above do not apply: they have no team.',
        unit: 'locale',
        steps: thresholds(BLUE, [1, ORANGE]),
        sql: 'SELECT count() AS messages FROM audit.quarantined\nWHERE $__timeFilter_ms(received_at)',
      }),
    ),
  ],
};
