import { SHOWN } from '../filters.ts';
import { line, type Section } from '../layout.ts';
import { bars, lines } from '../panels.ts';

const over = (columns: string, which: string): string => `
SELECT $__timeInterval(occurred_at) AS time, ${columns}
FROM audit.costs
WHERE ${which} AND ${SHOWN}
GROUP BY time
ORDER BY time`;

/** Cached tokens are part of the input. */
const KINDS = `[
      ('fresh input', ifNull(tokens_prompt, 0) - ifNull(tokens_cache_read, 0) - ifNull(tokens_cache_write, 0)),
      ('cache read', ifNull(tokens_cache_read, 0)), ('cache write', ifNull(tokens_cache_write, 0)), ('output', ifNull(tokens_completion, 0))
    ]`;

export const requests: Section = {
  id: 300,
  title: 'Requests',
  lines: [
    line(
      9,
      bars({
        id: 301,
        title: 'Tokens over time',
        description:
          'Input that was read from a cache, written to one or neither, and output. The four add up to all tokens.',
        unit: 'short',
        words: ['fresh input', 'cache read', 'cache write', 'output'],
        sql: `
SELECT $__timeInterval(occurred_at) AS time, kind.1 AS series, sum(kind.2) AS tokens
FROM
(
  SELECT occurred_at, arrayJoin(${KINDS}) AS kind
  FROM audit.costs
  WHERE ${SHOWN}
)
GROUP BY time, series
ORDER BY time, series`,
      }),
      lines({
        id: 302,
        title: 'Input from cache over time',
        description: 'Share of input tokens read from a cache. A fall after a change of prompts makes requests dearer.',
        unit: 'percentunit',
        sql: over(
          'sum(tokens_cache_read) / sum(tokens_prompt) AS share',
          'tokens_cache_read IS NOT NULL AND tokens_prompt > 0',
        ),
      }),
    ),
    line(
      9,
      lines({
        id: 303,
        title: 'Cost of a request over time',
        description: 'Of those that cost something: half cost less than p50, one in a hundred more than p99.',
        unit: 'currencyUSD',
        words: ['p50', 'p90', 'p99'],
        sql: over(
          [0.5, 0.9, 0.99].map((level) => `quantile(${level})(cost_micro_usd) / 1000000 AS p${level * 100}`).join(', '),
          'cost_micro_usd > 0',
        ),
      }),
      lines({
        id: 304,
        title: 'Latency of a request over time',
        description:
          'How long answers took, as the source measured it. Streams end later than they begin: this is their end.',
        unit: 'ms',
        words: ['p50', 'p95', 'p99'],
        sql: over(
          [0.5, 0.95, 0.99].map((level) => `quantile(${level})(latency_ms) AS p${level * 100}`).join(', '),
          'latency_ms IS NOT NULL',
        ),
      }),
    ),
  ],
};
