import type { AuditEvent, Guardrail } from '../core/records.generated.ts';
import type { Cells } from './event-cells.ts';

/** The columns of a datum as an event whose values are made when they are asked for: most receivers copy the bytes of most. */
export class EventRow implements AuditEvent {
  readonly cells: Cells;
  readonly personal_salt = Buffer.alloc(16);

  constructor(cells: Cells) {
    this.cells = cells;
  }

  get event_id(): string {
    return this.cells.text(0);
  }
  get schema_version(): number {
    return this.cells.integer(1);
  }
  get origin_epoch(): number {
    return this.cells.integer(2);
  }
  get origin_topic(): string {
    return this.cells.word(3);
  }
  get origin_partition(): number {
    return this.cells.integer(4);
  }
  get origin_offset(): number {
    return this.cells.integer(5);
  }
  get origin_ordinal(): number {
    return this.cells.integer(6);
  }
  get origin_count(): number {
    return this.cells.integer(7);
  }
  get source_event_id(): string {
    return this.cells.text(8);
  }
  get retry_of(): string {
    return this.cells.text(9);
  }
  get occurred_at(): number {
    return this.cells.integer(10);
  }
  get occurred_basis(): string {
    return this.cells.word(11);
  }
  get received_at(): number {
    return this.cells.integer(12);
  }
  get ingested_at(): number {
    return this.cells.integer(13);
  }
  get surface(): string {
    return this.cells.word(14);
  }
  get product(): string {
    return this.cells.word(15);
  }
  get product_version(): string {
    return this.cells.word(16);
  }
  get format(): string {
    return this.cells.word(17);
  }
  get action(): string {
    return this.cells.word(18);
  }
  get outcome(): string {
    return this.cells.word(19);
  }
  get severity(): string {
    return this.cells.word(20);
  }
  get actor_kind(): string {
    return this.cells.word(21);
  }
  get actor_basis(): string {
    return this.cells.word(22);
  }
  get actor_confidence(): string {
    return this.cells.word(23);
  }
  get actor_team(): string {
    return this.cells.word(24);
  }
  get actor_project(): string {
    return this.cells.word(25);
  }
  get actor_organisation(): string {
    return this.cells.word(26);
  }
  get agent_name(): string {
    return this.cells.word(27);
  }
  get agent_id(): string {
    return this.cells.word(28);
  }
  get session_id(): string {
    return this.cells.word(29);
  }
  get prompt_id(): string {
    return this.cells.text(30);
  }
  get request_id(): string {
    return this.cells.text(31);
  }
  get tool_use_id(): string {
    return this.cells.text(32);
  }
  get trace_id(): string {
    return this.cells.text(33);
  }
  get span_id(): string {
    return this.cells.text(34);
  }
  get parent_span_id(): string {
    return this.cells.text(35);
  }
  get model_requested(): string {
    return this.cells.word(36);
  }
  get model_served(): string {
    return this.cells.word(37);
  }
  get provider(): string {
    return this.cells.word(38);
  }
  get region(): string {
    return this.cells.word(39);
  }
  get tokens_prompt(): number | null {
    return this.cells.maybe(40);
  }
  get tokens_completion(): number | null {
    return this.cells.maybe(41);
  }
  get tokens_cache_read(): number | null {
    return this.cells.maybe(42);
  }
  get tokens_cache_write(): number | null {
    return this.cells.maybe(43);
  }
  get cost_micro_usd(): number | null {
    return this.cells.maybe(44);
  }
  get latency_ms(): number | null {
    return this.cells.maybe(45);
  }
  get time_to_first_token_ms(): number | null {
    return this.cells.maybe(46);
  }
  get tool_name(): string {
    return this.cells.word(47);
  }
  get mcp_server(): string {
    return this.cells.word(48);
  }
  get mcp_virtual_server(): string {
    return this.cells.word(49);
  }
  get mcp_method(): string {
    return this.cells.word(50);
  }
  get policy(): string {
    return this.cells.word(51);
  }
  get guardrails(): readonly Guardrail[] {
    return this.cells.guardrails(52);
  }
  get decision(): string {
    return this.cells.word(53);
  }
  get decision_source(): string {
    return this.cells.word(54);
  }
  get status_code(): number | null {
    return this.cells.maybe(55);
  }
  get error_type(): string {
    return this.cells.word(56);
  }
  get content_commitment(): Uint8Array | null {
    return this.cells.fixed(57);
  }
  get content_bytes(): number | null {
    return this.cells.maybe(58);
  }
  get data_classes(): readonly string[] {
    return this.cells.list(59);
  }
  get secrets_masked(): number {
    return this.cells.integer(60);
  }
  get retention_class(): string {
    return this.cells.word(61);
  }
  get retention_bucket(): number {
    return this.cells.integer(62);
  }
  get retain_until(): number {
    return this.cells.integer(63);
  }
  get retention_reason(): string {
    return this.cells.word(64);
  }
  get attributes(): Readonly<Record<string, string>> {
    return this.cells.map(65);
  }
  get actor_id(): string {
    return this.cells.said(66);
  }
  get actor_email(): string {
    return this.cells.said(67);
  }
  get actor_name(): string {
    return this.cells.said(68);
  }
  get actor_groups(): readonly string[] {
    return this.cells.saidList(69);
  }
  get client_address(): string {
    return this.cells.said(70);
  }
  get user_agent(): string {
    return this.cells.said(71);
  }
  get host(): string {
    return this.cells.said(72);
  }
  get device(): string {
    return this.cells.said(73);
  }
  get target(): string {
    return this.cells.said(74);
  }
  get file_paths(): readonly string[] {
    return this.cells.saidList(75);
  }
  get command(): string {
    return this.cells.said(76);
  }
  get error_message(): string {
    return this.cells.said(77);
  }
  get personal_attributes(): Readonly<Record<string, string>> {
    return this.cells.saidMap(78);
  }
}
