import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../../services/core/sink.ts';
import { loki } from '../../../services/sinks/loki/index.ts';
import { event } from '../../support/event.ts';
import { sinkTools } from '../../support/sink-tools.ts';

const signal = new AbortController().signal;
const batch = [event({ event_id: 'a' }), event({ event_id: 'b' })];

interface Said {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the sink makes of an answer. */
function judged({ status, body, headers }: Said, settings: object = {}, events = 2): Promise<Delivery> {
  const fetch = async () => new Response(body ?? null, { status, headers: { ...headers } });
  const sink = loki.open({ url: 'http://127.0.0.1:3100', ...settings }, sinkTools({ fetch }));
  return sink.deliver(batch.slice(0, events), signal);
}

test('204 is the one answer of something delivered', async () => {
  expect(await judged({ status: 204 })).toEqual({ kind: 'delivered' });
});

test('200 is a delivery where a gateway is declared that answers it, and nowhere else', async () => {
  expect(await judged({ status: 200 })).toEqual({ kind: 'retry', reason: 'HTTP 200', afterMs: undefined });
  expect(await judged({ status: 200 }, { accept_200: true })).toEqual({ kind: 'delivered' });
  expect(await judged({ status: 202 }, { accept_200: true })).toMatchObject({ kind: 'retry' });
});

describe('the setup is at fault: the lane parks and no event is touched', () => {
  test.each<[Said, string]>([
    [{ status: 260, body: "ingestion blocked for user 'x'" }, 'HTTP 260: blocked_ingestion'],
    [{ status: 260 }, 'HTTP 260: blocked_ingestion'],
    [
      { status: 456, body: "ingestion blocked for user x until 'y' with status code '456'" },
      'HTTP 456: blocked_ingestion',
    ],
    [{ status: 301, headers: { location: 'http://elsewhere/' } }, 'HTTP 301'],
    [{ status: 401, body: 'no org id' }, 'HTTP 401'],
    [{ status: 403 }, 'HTTP 403'],
    [{ status: 404 }, 'HTTP 404'],
    [{ status: 400, body: "Error parsing labels '{' with error: parse error" }, 'HTTP 400: invalid_labels'],
    [{ status: 400, body: 'error at least one label pair is required per stream' }, 'HTTP 400: missing_labels'],
    [{ status: 400, body: "entry for stream '{}' has 5 label names; limit 3" }, 'HTTP 400: max_label_names_per_series'],
    [{ status: 400, body: "stream '{}' has label name too long: 'env'" }, 'HTTP 400: label_name_too_long'],
    [{ status: 400, body: "stream '{}' has label value too long: 'x'" }, 'HTTP 400: label_value_too_long'],
    [{ status: 400, body: "stream '{}' has duplicate label name: 'env'" }, 'HTTP 400: duplicate_label_names'],
    [
      { status: 400, body: "missing required labels team for user x for stream '{}'" },
      'HTTP 400: missing_enforced_labels',
    ],
    [
      { status: 400, body: "stream '{}' includes structured metadata, but this feature is disallowed." },
      'HTTP 400: disallowed_structured_metadata',
    ],
  ])('%j', async (said, reason) => {
    expect(await judged(said)).toEqual({ kind: 'parked', reason });
  });
});

describe('a line is at fault: the batch is halved until it stands alone', () => {
  test.each<[Said, string]>([
    [{ status: 400, body: "Max entry size '5' bytes exceeded for stream '{}'" }, 'HTTP 400: line_too_long'],
    [{ status: 400, body: 'max entry size 5 bytes exceeded for stream {}' }, 'HTTP 400: line_too_long'],
    [{ status: 400, body: "entry for stream '{}' has timestamp too new: x" }, 'HTTP 400: too_far_in_future'],
    [
      { status: 400, body: "stream '{}' has structured metadata too large: '9'" },
      'HTTP 400: structured_metadata_too_large',
    ],
    [
      { status: 400, body: "stream '{}' has too many structured metadata labels: '9'" },
      'HTTP 400: structured_metadata_too_many',
    ],
    [{ status: 413, body: 'request body too large: 9 bytes, limit: 5 bytes' }, 'HTTP 413: request_body_too_large'],
  ])('%j', async (said, reason) => {
    expect(await judged(said)).toEqual({ kind: 'refused', reason });
    expect(await judged(said, {}, 1)).toEqual({ kind: 'refused', reason });
  });
});

describe('a line is too old: halved, and diverted once it stands alone', () => {
  test.each<[string, string]>([
    [
      "entry for stream '{}' has timestamp too old: x, oldest acceptable timestamp is: y",
      'greater_than_max_sample_age',
    ],
    ["entry with timestamp x ignored, reason: 'entry too far behind, entry timestamp is: x'", 'too_far_behind'],
    ['entry out of order', 'out_of_order'],
  ])('%s', async (body, id) => {
    expect(await judged({ status: 400, body })).toEqual({ kind: 'refused', reason: `HTTP 400: ${id}` });
    expect(await judged({ status: 400, body }, {}, 1)).toEqual({
      kind: 'partial',
      refused: [],
      diverted: [{ index: 0, reason: `HTTP 400: ${id}` }],
    });
  });
});

describe('everything else is tried again', () => {
  test.each<[Said, string]>([
    [{ status: 400, body: '<html>400 Bad Request</html>' }, 'HTTP 400: for a reason not known'],
    [{ status: 408 }, 'HTTP 408'],
    [{ status: 422, body: 'error at least one valid stream is required for ingestion' }, 'HTTP 422'],
    [{ status: 500 }, 'HTTP 500'],
    [{ status: 502 }, 'HTTP 502'],
    [{ status: 503 }, 'HTTP 503'],
    [{ status: 504 }, 'HTTP 504'],
  ])('%j', async (said, reason) => {
    expect(await judged(said)).toMatchObject({ kind: 'retry', reason });
    expect(await judged(said, {}, 1)).toMatchObject({ kind: 'retry', reason });
  });

  test('429 after the time it names', async () => {
    const body = 'Ingestion rate limit exceeded for user x';
    expect(await judged({ status: 429, body, headers: { 'retry-after': '7' } })).toEqual({
      kind: 'retry',
      reason: 'HTTP 429',
      afterMs: 7_000,
    });
  });
});

test('no word of the receiver gets into a reason', async () => {
  const secret = 'tok_5ecret';
  for (const status of [200, 260, 301, 400, 401, 403, 404, 413, 422, 429, 500]) {
    for (const body of [
      secret,
      `Max entry size ${secret}`,
      `timestamp too old ${secret}`,
      `ingestion blocked ${secret}`,
    ]) {
      expect(JSON.stringify(await judged({ status, body }))).not.toContain(secret);
    }
  }
});
