// Generated from schemas/*.avsc by `npm run generate`. Do not edit.

export interface Exception {
  /** First offset this entry speaks of. */
  readonly offset: number;
  /** How many offsets in a row. */
  readonly count: number;
  /** accepted, skipped, quarantined or absent. */
  readonly outcome: string;
  /** Events each of the messages gave. */
  readonly events: number;
  /** Why it was skipped or quarantined. */
  readonly reason: string;
}

/** What became of a settled range of raw offsets: every offset in it not listed was accepted and gave one event. */
export interface AuditAccounting {
  /** How often the raw log had been re-created when it held this message, counted by the operator. */
  readonly origin_epoch: number;
  /** Raw topic the message was read from. */
  readonly origin_topic: string;
  /** Partition of the raw topic. */
  readonly origin_partition: number;
  /** First offset of the range. */
  readonly first: number;
  /** Offset after the last of the range. */
  readonly next: number;
  /** Messages that gave events. */
  readonly accepted: number;
  /** Messages that hold nothing to audit. */
  readonly skipped: number;
  /** Messages no format could take. */
  readonly quarantined: number;
  /** Offsets the log holds nothing at. */
  readonly absent: number;
  /** Events the accepted messages gave. */
  readonly events: number;
  /** Offsets that were not accepted, and accepted messages that gave other than one event. */
  readonly exceptions: readonly Exception[];
  /** When the range was settled. */
  readonly settled_at: number;
}

/** What was said and done in an event: prompts, answers, tool arguments and results. Kept apart from events, under its own clock. */
export interface AuditContent {
  /** Event the content belongs to. */
  readonly event_id: string;
  /** How often the raw log had been re-created when it held this message, counted by the operator. */
  readonly origin_epoch: number;
  /** Raw topic the message was read from. */
  readonly origin_topic: string;
  /** Partition of the raw topic. */
  readonly origin_partition: number;
  /** Offset of the message in that partition. */
  readonly origin_offset: number;
  /** Position of the event among those of its message. */
  readonly origin_ordinal: number;
  /** When the event happened. */
  readonly occurred_at: number;
  /** Set of frameworks that oblige to keep the content. */
  readonly retention_class: string;
  /** Half of the partition key, as on the event. */
  readonly retention_bucket: number;
  /** The content is kept until here. */
  readonly retain_until: number;
  /** Salt of the commitment. */
  readonly content_salt: Uint8Array;
  /** JSON of the leaves that are content, in the shape they came in, credentials replaced. */
  readonly content: string;
  /** What a seal keeps where the source's policy says so: the texts as they were before people's data in them were masked, credentials replaced; AES-256-GCM under the key of the subject. */
  readonly sealed: Uint8Array;
  /** Name of the key that opens the seal; empty without one. */
  readonly key_id: string;
  /** What the event commits to that this content was made for: it is shown for no other. Null in records from before. */
  readonly content_commitment: Uint8Array | null;
}

export interface DeliveryException {
  /** First audit offset this entry speaks of. */
  readonly offset: number;
  /** How many offsets in a row. */
  readonly count: number;
  /** buried, filtered, diverted, uncertain, redelivered (a copy of an earlier event) or absent (the log holds nothing there); in the receipts of replays also delivered, and skipped where an operator decided so. */
  readonly outcome: string;
  /** Event the entry speaks of; empty for filtered, redelivered, absent and delivered. */
  readonly event_id: string;
  /** Why, in the receiver's code and our words: never event content. */
  readonly reason: string;
}

/** Receipt of an export lane: what became of a range of audit offsets at one receiver. An offset of the range that is not listed was delivered. */
export interface AuditDelivery {
  /** Name of the receiver in the configuration. */
  readonly sink: string;
  /** Partition of audit.events. */
  readonly audit_partition: number;
  /** First audit offset of the range. */
  readonly first: number;
  /** Offset after the last of the range. A range without offsets only reports the lane's state. */
  readonly next: number;
  /** Id of the replay that sent the events again; empty for the lane itself. */
  readonly replay: string;
  /** Events the receiver confirmed. */
  readonly delivered: number;
  /** Events the receiver refused. */
  readonly buried: number;
  /** Events the filter of the receiver left out. */
  readonly filtered: number;
  /** Events the receiver cannot take and that went elsewhere. */
  readonly diverted: number;
  /** Events the receiver may or may not hold. */
  readonly uncertain: number;
  /** Copies of earlier events that were dropped. */
  readonly redelivered: number;
  /** Offsets the log and the store hold nothing at. */
  readonly absent: number;
  /** Every offset of the range that was not delivered. The receipt of a replay lists every offset that was part of it, the delivered ones too; others were not. */
  readonly exceptions: readonly DeliveryException[];
  /** State of the lane when this was written: running, retrying, parked or paused. */
  readonly state: string;
  /** Why it is in that state; empty while running. */
  readonly state_reason: string;
  /** When the range was settled. */
  readonly settled_at: number;
}

export interface Guardrail {
  /** Name of the guardrail. */
  readonly name: string;
  /** Who runs it. */
  readonly provider: string;
  /** Where in the call it ran, as the source names it. */
  readonly phase: string;
  /** validate or mutate; empty when unknown. */
  readonly mode: string;
  /** pass, flag, block, mask, error or not_run. */
  readonly verdict: string;
  /** What it found. */
  readonly categories: readonly string[];
  /** How many places it masked. */
  readonly masked_count: number | null;
}

/** One act of a person or agent with an AI tool. Public fields first, then the personal part, then its salt: the parts of the leaf are slices of the encoded event. */
export interface AuditEvent {
  /** UUIDv8 that reads back as log epoch, topic, partition, offset and ordinal. */
  readonly event_id: string;
  /** Version of this schema that wrote the event. */
  readonly schema_version: number;
  /** How often the raw log had been re-created when it held this message, counted by the operator. */
  readonly origin_epoch: number;
  /** Raw topic the message was read from. */
  readonly origin_topic: string;
  /** Partition of the raw topic. */
  readonly origin_partition: number;
  /** Offset of the message in that partition. */
  readonly origin_offset: number;
  /** Position of the event among those of its message, from 0. */
  readonly origin_ordinal: number;
  /** How many events the message holds. */
  readonly origin_count: number;
  /** The source's own id of the event. */
  readonly source_event_id: string;
  /** Id of the quarantined message this event is a retry of. */
  readonly retry_of: string;
  /** When it happened, as the source says; the log's time where the source is silent (see occurred_basis). */
  readonly occurred_at: number;
  /** source or log: whose clock occurred_at is. */
  readonly occurred_basis: string;
  /** The raw log's timestamp of the message. */
  readonly received_at: number;
  /** When Trailhouse normalised it. */
  readonly ingested_at: number;
  /** Where people met the AI: web, desktop, cli, ide, api, admin; empty when unknown. */
  readonly surface: string;
  /** Product that reports, such as claude-code, claude-desktop, claude.ai, litellm, obot. */
  readonly product: string;
  /** Version of that product. */
  readonly product_version: string;
  /** Format the message was read as. */
  readonly format: string;
  /** What was done, from the taxonomy in the data dictionary. */
  readonly action: string;
  /** success, failure, denied or unknown. */
  readonly outcome: string;
  /** info, low, medium, high or critical. */
  readonly severity: string;
  /** user, service, agent, device, system or unknown. */
  readonly actor_kind: string;
  /** Claim the attribution rests on: idp, gateway_key, mtls, email_claim, account_id, session_binding, device or none. */
  readonly actor_basis: string;
  /** verified, claimed, inferred or none; never above the ceiling of the raw topic. */
  readonly actor_confidence: string;
  /** Team of the actor. */
  readonly actor_team: string;
  /** Project the actor worked on. */
  readonly actor_project: string;
  /** Organisation of the actor. */
  readonly actor_organisation: string;
  /** Agent or subagent that acted on behalf of the actor. */
  readonly agent_name: string;
  /** Id of that agent. */
  readonly agent_id: string;
  /** Session or conversation. */
  readonly session_id: string;
  /** Prompt that led to the event. */
  readonly prompt_id: string;
  /** Request at the model provider or gateway. */
  readonly request_id: string;
  /** Tool invocation; joins a decision, a call and its result. */
  readonly tool_use_id: string;
  /** W3C trace id, 32 hex digits. */
  readonly trace_id: string;
  /** W3C span id, 16 hex digits. */
  readonly span_id: string;
  /** Span id of the parent. */
  readonly parent_span_id: string;
  /** gen_ai.request.model: the model asked for. */
  readonly model_requested: string;
  /** gen_ai.response.model: the model that answered. */
  readonly model_served: string;
  /** gen_ai.provider.name: who runs the model. */
  readonly provider: string;
  /** Region that served the request. */
  readonly region: string;
  /** gen_ai.usage.input_tokens: input tokens with cached ones included. */
  readonly tokens_prompt: number | null;
  /** gen_ai.usage.output_tokens: tokens of the answer. */
  readonly tokens_completion: number | null;
  /** gen_ai.usage.cache_read.input_tokens, part of tokens_prompt. */
  readonly tokens_cache_read: number | null;
  /** gen_ai.usage.cache_creation.input_tokens, part of tokens_prompt. */
  readonly tokens_cache_write: number | null;
  /** Cost as the source states it. */
  readonly cost_micro_usd: number | null;
  /** How long the act took. */
  readonly latency_ms: number | null;
  /** Time to the first token of the answer. */
  readonly time_to_first_token_ms: number | null;
  /** gen_ai.tool.name: the tool called. */
  readonly tool_name: string;
  /** MCP server that offers the tool. */
  readonly mcp_server: string;
  /** Virtual server or gateway entry in front of it. */
  readonly mcp_virtual_server: string;
  /** mcp.method.name, such as tools/call. */
  readonly mcp_method: string;
  /** Rule or policy that decided. */
  readonly policy: string;
  /** Guardrails that ran. */
  readonly guardrails: readonly Guardrail[];
  /** accept or reject, or the words of the source. */
  readonly decision: string;
  /** Who or what decided: config, hook, user_permanent … */
  readonly decision_source: string;
  /** HTTP or JSON-RPC status of the act. */
  readonly status_code: number | null;
  /** error.type: the class of the error. */
  readonly error_type: string;
  /** SHA-256(salt ‖ content) of the content kept apart. */
  readonly content_commitment: Uint8Array | null;
  /** Size of that content. */
  readonly content_bytes: number | null;
  /** phi, pii, secret, source_code: what was found in the texts. */
  readonly data_classes: readonly string[];
  /** How many credentials were replaced in the texts. */
  readonly secrets_masked: number;
  /** Set of frameworks that oblige to keep the event, joined by +. */
  readonly retention_class: string;
  /** Day of occurred_at or received_at, whichever is later, or the first of its month for classes above 400 days: half of the partition key. */
  readonly retention_bucket: number;
  /** The event is kept until here. */
  readonly retain_until: number;
  /** Which obligations led to the class and the deadline. */
  readonly retention_reason: string;
  /** Safe leaves of the source that no column took, by path. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Id of the actor at its issuer. */
  readonly actor_id: string;
  /** E-mail address of the actor. */
  readonly actor_email: string;
  /** Name of the actor. */
  readonly actor_name: string;
  /** Groups of the actor. */
  readonly actor_groups: readonly string[];
  /** client.address: network address the act came from. */
  readonly client_address: string;
  /** user_agent.original: what the client calls itself. */
  readonly user_agent: string;
  /** host.name: machine the act happened on. */
  readonly host: string;
  /** device.id: machine or phone the client runs on. */
  readonly device: string;
  /** What the act was aimed at: server/tool, file, address or resource. */
  readonly target: string;
  /** Files touched or named. */
  readonly file_paths: readonly string[];
  /** Shell command. */
  readonly command: string;
  /** Error in words. */
  readonly error_message: string;
  /** Leaves of the source that name a person or place and that no column took, by path. */
  readonly personal_attributes: Readonly<Record<string, string>>;
  /** Salt of the hash over the personal part; leaf = SHA-256(0x00 ‖ public ‖ SHA-256(salt ‖ personal)). */
  readonly personal_salt: Uint8Array;
}

/** A raw message that no format could take, with its bytes. */
export interface AuditQuarantine {
  /** UUIDv8 of the message: its event id with ordinal 0. */
  readonly quarantine_id: string;
  /** How often the raw log had been re-created when it held this message, counted by the operator. */
  readonly origin_epoch: number;
  /** Raw topic the message was read from. */
  readonly origin_topic: string;
  /** Partition of the raw topic. */
  readonly origin_partition: number;
  /** Offset of the message in that partition. */
  readonly origin_offset: number;
  /** The raw log's timestamp of the message. */
  readonly received_at: number;
  /** When Trailhouse turned it down. */
  readonly quarantined_at: number;
  /** What is wrong, and where. */
  readonly reason: string;
  /** Size of the message. */
  readonly bytes: number;
  /** Id of the quarantined message this one is a retry of. */
  readonly retry_of: string;
  /** Day of quarantined_at: the partition key. */
  readonly retention_bucket: number;
  /** The bytes are kept until here. */
  readonly retain_until: number;
  /** Key of the day that seals the bytes. */
  readonly key_id: string;
  /** AES-256-GCM of the message (key, headers, value as Avro RawMessage): 12 bytes nonce, ciphertext, 16 bytes tag; the quarantine id is the associated data. */
  readonly sealed: Uint8Array;
}
