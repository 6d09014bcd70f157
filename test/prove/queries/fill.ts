import type { Writer } from '../../../services/clickhouse/client.ts';

/** What a run is measured on: events of many people, evenly over days. */
export interface Spread {
  readonly rows: number;
  readonly days: number;
  /** Midnight UTC after the last day, in seconds. */
  readonly end: number;
}

const DAY_S = 86_400;

export const PEOPLE = 5_000;

/** The first instant of a day, counted from 0, as ClickHouse reads it. */
export const dayOf = ({ end, days }: Spread, day: number): string =>
  new Date((end - (days - day) * DAY_S) * 1000).toISOString();

/**
 * Fills `audit.events` day by day, as the archive would over time, so that memory stays that of one day. Every value is a
 * function of the row's number: two runs store the same. One act in fifty is told by a second source as well, one event in
 * a thousand is sent again, one in ten says no address.
 */
export async function fill(writer: Writer, spread: Spread): Promise<void> {
  const perDay = Math.floor(spread.rows / spread.days);
  for (let day = 0; day < spread.days; day++)
    await writer.run(
      `INSERT INTO audit.events (${COLUMNS.map(([name]) => name).join(', ')})
       ${WITH} SELECT ${COLUMNS.map(([name, sql]) => `${sql} AS c_${name}`).join(',\n')}
       FROM numbers({first:UInt64}, {rows:UInt64})`,
      { first: day * perDay, rows: perDay, per: perDay, begin: spread.end - (spread.days - day) * DAY_S },
      { max_insert_threads: 1, max_partitions_per_insert_block: 0 },
    );
}

const draw = (salt: number): string => `cityHash64(n, ${salt})`;
const pick = (salt: number, ...words: readonly string[]): string =>
  `arrayElement([${words.map((word) => `'${word}'`).join(', ')}], 1 + ${draw(salt)} % ${words.length})`;
const uuid = (seed: string, salt: number): string => `toString(reinterpretAsUUID(sipHash128(${seed}, ${salt})))`;
/** Many small, few large. */
const skewed = (salt: number, largest: number): string =>
  `toInt64(${largest} * pow(${draw(salt)} / 18446744073709551616., 4)) + 1`;

/** `n`: what was done; `number`: who tells of it, and when. */
const WITH = `WITH
  number % 50 = 1 AS told_twice,
  number % 1000 = 4 AS sent_again,
  number - told_twice - sent_again AS n,
  intDiv(n, {per:UInt64}) AS day,
  toUInt64(${PEOPLE} * pow(cityHash64(intDiv(n, 20), 1) / 18446744073709551616., 2)) AS person,
  ${draw(2)} % 100 AS kind,
  multiIf(kind < 40, 'llm.request', kind < 58, 'tool.call', kind < 70, 'mcp.tool.call', kind < 80, 'file.read',
    kind < 86, 'file.write', kind < 93, 'shell.exec', kind < 96, 'permission.decision', kind < 97, 'guardrail.fired',
    kind < 99, 'session.start', 'auth.login') AS act,
  act = 'llm.request' AS is_call,
  act = 'mcp.tool.call' AS is_mcp,
  person % 10 = 0 AS is_silent,
  toInt64({begin:UInt64}) * 1000000 + toInt64(86400000000 * (intDiv(n, 20) * 20 % {per:UInt64}) / {per:UInt64}) + (n % 20) * 7000000
    + toInt64(${draw(3)} % 5000000) AS at,
  at + toInt64(cityHash64(number, 4) % 2000000) + sent_again * 60000000 AS received,
  concat('8', leftPad(lower(hex(toUInt32(intDiv(number, 12)))), 9, '0')) AS low,
  concat('/work/', ${pick(5, 'billing', 'search', 'intake', 'portal', 'ledger-ui', 'claims')}, '/src/', ${pick(6, 'routes', 'models', 'views', 'jobs')}, '/',
    ${pick(7, 'invoice', 'customer', 'export', 'session', 'import', 'report', 'policy')}, '_', toString(${draw(8)} % 400), '.ts') AS path`;

const instant = (micros: string): string => `fromUnixTimestamp64Micro(${micros}, 'UTC')`;
const MODELS = `arrayElement(['claude-sonnet-5', 'claude-opus-5', 'claude-haiku-5', 'gpt-6', 'gpt-6-mini', 'gemini-4-pro', 'llama-5-70b', 'mistral-large-4'], 1 + least(${draw(10)} % 8, ${draw(11)} % 8))`;

/** Columns in the table's order; what is not named here stays empty. */
const COLUMNS: readonly (readonly [string, string])[] = [
  [
    'event_id',
    "toUUID(concat('00a1b200-', leftPad(lower(hex(toUInt8(number % 12))), 2, '0'), '00-8000-', substring(low, 1, 4), '-', substring(low, 5), '000000'))",
  ],
  ['schema_version', '1'],
  ['origin_topic', "if(is_call AND NOT told_twice, 'gateway.events', 'endpoint.events')"],
  ['origin_partition', 'number % 12'],
  ['origin_offset', 'intDiv(number, 12)'],
  ['origin_count', '1'],
  ['source_event_id', `${uuid('number - sent_again', 12)}`],
  ['occurred_at', instant('at')],
  ['occurred_basis', "'source'"],
  ['received_at', instant('received')],
  ['ingested_at', instant('received + 40000 + toInt64(cityHash64(number, 13) % 20000)')],
  ['surface', "multiIf(is_call AND NOT told_twice, 'api', person % 3 = 0, 'desktop', 'cli')"],
  ['product', "multiIf(is_call AND NOT told_twice, 'litellm', person % 3 = 0, 'claude-desktop', 'claude-code')"],
  ['product_version', `concat('2.', toString(person % 7), '.', toString(day % 3))`],
  [
    'format',
    "multiIf(is_call AND NOT told_twice, 'litellm', told_twice AND NOT is_call, 'claude-code-hooks', 'claude-code-otel')",
  ],
  ['action', 'act'],
  [
    'outcome',
    `multiIf(act = 'permission.decision', if(${draw(14)} % 3 = 0, 'denied', 'success'), ${draw(14)} % 100 < 2, 'denied', ${draw(14)} % 100 < 6, 'failure', 'success')`,
  ],
  ['severity', "if(act = 'guardrail.fired', 'medium', 'info')"],
  ['actor_kind', "'user'"],
  ['actor_basis', "multiIf(is_call AND NOT told_twice, 'gateway_key', is_silent, 'account_id', 'email_claim')"],
  ['actor_confidence', "if(is_call AND NOT told_twice, 'verified', 'claimed')"],
  ['actor_team', "concat('team-', toString(person % 40))"],
  ['actor_project', "concat('project-', toString(person % 120))"],
  ['actor_organisation', "'org-main'"],
  ['session_id', uuid('intDiv(n, 20)', 15)],
  ['prompt_id', `if(told_twice OR is_call AND kind < 20, '', ${uuid('intDiv(n, 4)', 16)})`],
  ['request_id', `if(is_call, concat('req_', lower(hex(sipHash128(n, 17)))), '')`],
  [
    'tool_use_id',
    `if(act IN ('tool.call', 'mcp.tool.call', 'shell.exec', 'file.read', 'file.write'), concat('toolu_', substring(base58Encode(toString(sipHash128(n, 18))), 1, 24)), '')`,
  ],
  ['trace_id', `if(is_call, lower(hex(sipHash128(intDiv(n, 4), 19))), '')`],
  ['span_id', `if(is_call, lower(hex(sipHash64(n, 20))), '')`],
  ['model_requested', `if(is_call, ${MODELS}, '')`],
  ['model_served', `if(is_call, concat(${MODELS}, '-2026-04-01'), '')`],
  ['provider', `if(is_call, if(${draw(10)} % 8 < 3, 'anthropic', ${pick(21, 'bedrock', 'vertex', 'openai')}), '')`],
  ['region', `if(is_call, ${pick(22, 'eu-west-1', 'us-east-1', 'eu-central-1')}, '')`],
  ['tokens_prompt', `if(is_call, ${skewed(23, 120_000)}, NULL)`],
  ['tokens_completion', `if(is_call, ${skewed(24, 8_000)}, NULL)`],
  ['tokens_cache_read', `if(is_call AND kind < 30, ${skewed(25, 60_000)}, NULL)`],
  ['cost_micro_usd', `if(is_call AND NOT told_twice, ${skewed(26, 900_000)}, NULL)`],
  ['latency_ms', `if(kind < 93, toFloat64(${skewed(27, 40_000)}), NULL)`],
  ['time_to_first_token_ms', `if(is_call, toFloat64(${skewed(28, 4_000)}), NULL)`],
  [
    'tool_name',
    `multiIf(is_mcp, ${pick(29, 'search', 'create_issue', 'get_page', 'run_query', 'list_files')}, act = 'tool.call', ${pick(30, 'Grep', 'Glob', 'WebFetch', 'Task', 'TodoWrite')}, act = 'shell.exec', 'Bash', act = 'file.read', 'Read', act = 'file.write', 'Edit', '')`,
  ],
  ['mcp_server', `if(is_mcp, ${pick(31, 'github', 'jira', 'confluence', 'warehouse', 'files', 'wiki')}, '')`],
  ['mcp_method', "if(is_mcp, 'tools/call', '')"],
  ['guardrails', `if(act = 'guardrail.fired', [('pii-masking', 'local', 'pre', 'mutate', 'mask', ['email'], 2)], [])`],
  ['decision', "if(act = 'permission.decision', 'accept', '')"],
  ['decision_source', "if(act = 'permission.decision', 'config', '')"],
  ['status_code', 'if(is_call, 200, NULL)'],
  [
    'content_commitment',
    `if(kind < 93, CAST(concat(sipHash128(number, 32), sipHash128(number, 33)) AS FixedString(32)), NULL)`,
  ],
  ['content_bytes', `if(kind < 93, ${skewed(34, 60_000)}, NULL)`],
  ['data_classes', `if(${draw(35)} % 50 = 0, ['pii'], if(act = 'file.write', ['source_code'], []))`],
  ['retention_class', "if(person % 4 = 0, 'soc2', 'gdpr+soc2')"],
  ['retention_bucket', `toDate(${instant('greatest(at, received)')})`],
  ['retain_until', `addDays(${instant('greatest(at, received)')}, if(person % 4 = 0, 90, 365))`],
  ['retention_reason', "if(person % 4 = 0, 'SOC 2 90 days', 'GDPR 365 days, SOC 2 90 days')"],
  [
    'attributes',
    `if(is_call, map('stream', 'true', 'temperature', ${pick(36, '0', '0.2', '0.7', '1')}, 'call_type', 'acompletion', 'key_alias', concat('key-', toString(person % 200))), map('event.sequence', toString(n % 20), 'terminal.type', 'vscode'))`,
  ],
  ['actor_id', "concat('u-', lower(hex(sipHash64(person, 37))))"],
  [
    'actor_email',
    "if(is_silent AND NOT (is_call AND NOT told_twice), '', concat('person', toString(person), '@alderbrook.example'))",
  ],
  ['actor_name', "if(is_silent, '', concat('Person ', toString(person)))"],
  [
    'client_address',
    "if(is_call, concat('10.', toString(person % 200), '.', toString(intDiv(person, 200)), '.', toString(1 + person % 250)), '')",
  ],
  ['user_agent', "concat('claude-cli/2.', toString(person % 7), '.', toString(day % 3), ' (external, cli)')"],
  ['host', "if(is_call AND NOT told_twice, '', concat('host-', toString(person)))"],
  ['target', `multiIf(is_call, '', is_mcp, concat('item/', toString(${draw(38)} % 20000)), '')`],
  ['file_paths', "if(act IN ('file.read', 'file.write'), [path], [])"],
  [
    'command',
    `if(act = 'shell.exec', concat(${pick(39, 'git commit -am ', 'npx vitest run ', 'kubectl get pods -n ', 'rg --files-with-matches ', 'curl -s https://intake.example/')}, if(${draw(40)} % 3 = 0, path, concat('fix-', lower(hex(toUInt32(${draw(41)})))))), '')`,
  ],
  [
    'error_message',
    `if(${draw(14)} % 100 BETWEEN 2 AND 5, concat('upstream answered ', ${pick(42, '429', '500', '503', '529')}, ' after ', toString(${draw(43)} % 60), ' s'), '')`,
  ],
  ['personal_salt', 'CAST(sipHash128(number, 44) AS FixedString(16))'],
  ['audit_partition', 'number % 12'],
  ['audit_offset', 'intDiv(number, 12)'],
];
